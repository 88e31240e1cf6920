// Companies that ship from a port
//
// meaning: Shippers on the bills that name a port as that of loading, over some years.
// data: companies, places
// parameter: port | port | | Port, by name, UN/LOCODE or identifier
// parameter: limit | whole | 50 | Rows at most
// key: company
// column: company | text | company_id
// column: company_name | text | The commonest spelling of its name
// column: country | text? | Country of its address; null where no bill states it
// column: shipments | whole | Bills
// column: first_year | whole? | First year of a bill with a day
// column: last_year | whole? | Last year of a bill with a day
// column: mass_kg | number? | Gross mass, kg; null if any bill states none
// caveat: The shipper of a bill is often an agent, not who owns the goods.
// caveat: Only bills whose port of loading fits exactly one port are here.

MATCH (c:Company)-[s:SHIPPED_FROM]->(p:Port)
WHERE p.place_id = $port
WITH c.company_id AS company, c.name AS company_name, c.country AS country,
  CASE WHEN count(s.shipments) > 0 THEN sum(s.shipments) END AS shipments, min(s.year) AS first_year,
  max(s.year) AS last_year,
  CASE WHEN count(*) > 0 AND count(s.mass_kg) = count(*) THEN round(sum(s.mass_kg), 3) END AS mass_kg
RETURN company, company_name, country, shipments, first_year, last_year, mass_kg
ORDER BY shipments DESC, company
LIMIT $limit
