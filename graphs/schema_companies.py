"""Companies of bills of lading in the graph; part of `graphs.schema`.

```
(Company)-[SHIPPED_TO]->(Company)   (Company)-[SHIPPED_ON]->(Vessel)   (Company)-[SHIPPED_FROM]->(Port)
```

Rows that count as one company are one node. To stand on a bill is ordinary trade and says nothing against anybody.
"""

import dataframely as dy

from graphs.edge_types import EdgeType


class Company(dy.Schema):
    """A company as bills call it, with all names that count as one."""

    company_id = dy.String(primary_key=True, description="The company_id that stands for it")
    name = dy.String(description="The commonest spelling")
    country = dy.String(nullable=True, description="ISO 3166 alpha-3 of its address; null where no bill states it")
    names = dy.Int64(description="Rows of table companies that count as it")
    rows = dy.Int64(description="Rows of bills that name it")


class ShippedTo(dy.Schema):
    """Bills of one shipper to one consignee, of one code in one year."""

    edge_id = dy.String(primary_key=True, description="shipper>consignee:code:year, with - for what no bill states")
    start = dy.String()
    end = dy.String()
    commodity = dy.String(nullable=True, description="HS code by the digits that the bills state")
    family = dy.String(nullable=True, description="Its code family; null below four digits")
    year = dy.Int64(nullable=True, description="Of the bills; null where they have no day")
    shipments = dy.Int64(description="Bills")
    mass_kg = dy.Float64(nullable=True, min=0, description="Gross mass; null if any bill states none")


class ShippedOn(dy.Schema):
    """Bills that name a company and a ship."""

    edge_id = dy.String(primary_key=True, description="company_id>track_id:role")
    start = dy.String()
    end = dy.String()
    role = dy.String(description="shipper or consignee")
    shipments = dy.Int64(description="Bills")
    first_bill = dy.String(nullable=True, description="First day of such a bill; null where none has a day")
    last_bill = dy.String(nullable=True, description="Last day of such a bill")


class ShippedFrom(dy.Schema):
    """Bills of a shipper by port of loading and year."""

    edge_id = dy.String(primary_key=True, description="company_id>place_id:year")
    start = dy.String()
    end = dy.String()
    year = dy.Int64(nullable=True, description="Of the bills; null where they have no day")
    shipments = dy.Int64(description="Bills")
    mass_kg = dy.Float64(nullable=True, min=0, description="Gross mass; null if any bill states none")


NODES: dict[str, type[dy.Schema]] = {"Company": Company}
EDGES = (
    EdgeType("Company", "SHIPPED_TO", "Company", ShippedTo),
    EdgeType("Company", "SHIPPED_ON", "Vessel", ShippedOn),
    EdgeType("Company", "SHIPPED_FROM", "Port", ShippedFrom),
)
