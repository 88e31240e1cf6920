// Whom a company ships to and receives from
//
// meaning: Companies that stand on bills together with a company, by code and year, and on which side.
// data: companies
// parameter: company | company | | Company, by name or identifier
// parameter: limit | whole | 50 | Rows at most
// key: bills
// column: partner | text | company_id of the other company
// column: partner_name | text | The commonest spelling of its name
// column: country | text? | Country of its address; null where no bill states it
// column: is_supplier | flag | True where the other company ships and this one receives
// column: commodity | text? | HS code by the digits that the bills state
// column: year | whole? | Year of the bills; null where they have no day
// column: shipments | whole | Bills
// column: mass_kg | number? | Gross mass, kg; null if any bill states none
// column: bills | text | Identifier of these bills in the graph
// caveat: Companies are joined by their names: two of one name may be counted as one, and one of two names as two.
// caveat: The shipper of a bill is often an agent, not who owns the goods.

MATCH (c:Company)-[s:SHIPPED_TO]->(d:Company)
WHERE (c.company_id = $company OR d.company_id = $company) AND c.company_id <> d.company_id
WITH s, CASE WHEN c.company_id = $company THEN d.company_id ELSE c.company_id END AS partner,
  CASE WHEN c.company_id = $company THEN false ELSE true END AS is_supplier
MATCH (e:Company)
WHERE e.company_id = partner
RETURN partner, e.name AS partner_name, e.country AS country, is_supplier, s.commodity AS commodity, s.year AS year,
  s.shipments AS shipments, s.mass_kg AS mass_kg, s.edge_id AS bills
ORDER BY shipments DESC, bills
LIMIT $limit
