// Passages of ships from one country to another
//
// meaning: Which ports of two countries ships sailed between in some years, how often, and with what cargo as far as their draught tells.
// data: ships
// parameter: exporter | area | | Country of the first port
// parameter: importer | area | | Country of the second port
// parameter: since | year | 1900 | First year of arrival
// parameter: until | year | 2199 | Last year of arrival
// parameter: limit | whole | 50 | Rows at most
// key: port_from, port_to
// column: port_from | text | place_id of the first port
// column: name_from | text | Its name
// column: port_to | text | place_id of the second port
// column: name_to | text | Its name
// column: months | whole | Months with a passage
// column: voyages | whole | Passages
// column: bulk | whole | Passages of bulk carriers
// column: laden | whole | Passages with cargo, by the draught
// column: unladen | whole | Passages without cargo, by the draught
// column: weighed | whole | Passages whose cargo could be worked out
// column: cargo_kg | number? | Cargo of those, kg; null where none could
// caveat: Only passages between two calls that were heard are counted: goods that change ship on the way are not here.
// caveat: `cargo_kg` adds only what could be worked out from draught and size, within some tens of percent.
// caveat: A ship that nobody heard may have sailed all the same.

MATCH (a:Port)-[s:SAILED_TO]->(b:Port)
WHERE a.country = $exporter AND b.country = $importer AND s.year >= $since AND s.year <= $until
WITH a.place_id AS port_from, a.name AS name_from, b.place_id AS port_to, b.name AS name_to, count(*) AS months,
  CASE WHEN count(s.voyages) > 0 THEN sum(s.voyages) END AS voyages,
  CASE WHEN count(s.bulk) > 0 THEN sum(s.bulk) END AS bulk,
  CASE WHEN count(s.laden) > 0 THEN sum(s.laden) END AS laden,
  CASE WHEN count(s.unladen) > 0 THEN sum(s.unladen) END AS unladen,
  CASE WHEN count(s.weighed) > 0 THEN sum(s.weighed) END AS weighed,
  CASE WHEN count(s.cargo_kg) > 0 THEN round(sum(s.cargo_kg), 3) END AS cargo_kg
RETURN port_from, name_from, port_to, name_to, months, voyages, bulk, laden, unladen, weighed, cargo_kg
ORDER BY voyages DESC, port_from, port_to
LIMIT $limit
