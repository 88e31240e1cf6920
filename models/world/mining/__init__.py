"""What is dug, by whom, when, and what offices count of it.

prices, covariates, calendar       the world's prices, countries by year, months
endowment, tenure, plan            what a deposit gives, under which permit, and which mines come when
mines, diggings, zones             legal mines, artisanal sites, illegal zones
activity, digging                  what each does by month
bans, incidents, production        export bans, strikes and new mines, published output
"""
