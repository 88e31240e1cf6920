"""What is taken from the ground and the rivers, and what laboratories find in it.

geology       provinces, what rocks hold, the signature of each deposit
lead          lead isotopes by age and setting
basins        what flows where: background, natural outcrops, releases of sites
fieldwork     who takes what, where and when
laboratory    bias, precision, detection limits, duplicates, blanks, reference materials
"""
