"""What is traded in truth: every kg that is dug is used, stored, lost or sold on.

roles, ways                        who refines, who is a hub; how far it is
diggers, chain, supply, balance    from ore to metal, stage by stage, in balance
gravity, hubs, resale              who sells to whom
goods, origins                     rows of goods, and the sites that each came from
"""
