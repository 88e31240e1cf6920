// Companies that both receive and send the same goods
//
// meaning: Companies that are consignee and shipper of bills of one HS code within some years.
// data: companies
// parameter: commodity | goods | any | Material or six-digit HS code; any for all
// parameter: since | year | 1900 | First year
// parameter: until | year | 2199 | Last year
// parameter: limit | whole | 50 | Rows at most
// key: company, commodity
// column: company | text | company_id
// column: company_name | text | The commonest spelling of its name
// column: country | text? | Country of its address; null where no bill states it
// column: commodity | text | HS code by the digits that the bills state
// column: suppliers | whole | Companies that it receives from
// column: received | whole | Bills on which it is consignee
// column: customers | whole | Companies that it ships to
// column: sent | whole | Bills on which it is shipper
// column: received_kg | number? | Gross mass received, kg; null if any bill states none
// column: sent_kg | number? | Gross mass sent, kg; null if any bill states none
// caveat: Traders, warehouses and freight agents stand on both sides of bills as a matter of course.
// caveat: Companies are joined by their names: two of one name may be counted as one, and one of two names as two.
// caveat: Only the bills of some ports and years are at hand. Bills without a day are left out.

MATCH (c:Company)-[s:SHIPPED_TO]->(d:Company)
WHERE c.company_id <> d.company_id AND s.commodity IS NOT NULL AND s.year >= $since AND s.year <= $until
  AND ($commodity = "" OR s.family = $commodity OR s.commodity = $commodity)
WITH d.company_id AS company, d.name AS company_name, d.country AS country, s.commodity AS commodity,
  count(DISTINCT c.company_id) AS suppliers, CASE WHEN count(s.shipments) > 0 THEN sum(s.shipments) END AS received,
  CASE WHEN count(*) > 0 AND count(s.mass_kg) = count(*) THEN round(sum(s.mass_kg), 3) END AS received_kg
MATCH (e:Company)-[t:SHIPPED_TO]->(g:Company)
WHERE e.company_id = company AND t.commodity = commodity AND g.company_id <> company
  AND t.year >= $since AND t.year <= $until
WITH company, company_name, country, commodity, suppliers, received, received_kg,
  count(DISTINCT g.company_id) AS customers, CASE WHEN count(t.shipments) > 0 THEN sum(t.shipments) END AS sent,
  CASE WHEN count(*) > 0 AND count(t.mass_kg) = count(*) THEN round(sum(t.mass_kg), 3) END AS sent_kg
RETURN company, company_name, country, commodity, suppliers, received, customers, sent, received_kg, sent_kg
ORDER BY received DESC, sent DESC, company, commodity
LIMIT $limit
