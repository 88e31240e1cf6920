// New passages from a country after its export ban
//
// meaning: Pairs of ports with passages from a banning country from a year on and none in the years before, of all goods.
// data: ships
// parameter: exporter | area | | Country that decreed the ban
// parameter: year | year | | Year in which a ban is in force, usually its first
// parameter: window | whole | 3 | Years before, and years from then on, that are compared
// parameter: limit | whole | 50 | Rows at most
// derived: first_day | {year}-01-01
// derived: last_day | {year}-12-31
// key: port_from, port_to
// column: port_from | text | place_id of the port in the banning country
// column: name_from | text | Its name
// column: port_to | text | place_id of the other port
// column: name_to | text | Its name
// column: country_to | text | Its country
// column: first_year | whole | First year of a passage from the year on
// column: voyages | whole | Passages from the year on
// column: bulk | whole | Passages of bulk carriers among them
// caveat: Ships carry all goods, and most are under no ban: a new route is ordinary.
// caveat: A pair that was not heard before may have been sailed before; years without any passage from the country are no comparison, and then there is no row.

MATCH (decree:Ban)-[:DECREED_BY]->(c:Country)
WHERE c.code = $exporter AND decree.start <= $last_day AND (decree.`end` IS NULL OR decree.`end` >= $first_day)
WITH DISTINCT c.code AS banned
MATCH (o:Port)-[h:SAILED_TO]->(u:Port)
WHERE o.country = banned AND h.year < $year AND h.year >= $year - $window
WITH banned, count(*) AS heard
WHERE heard > 0
MATCH (a:Port)-[s:SAILED_TO]->(b:Port)
WHERE a.country = banned AND b.country <> banned AND s.year >= $year - $window AND s.year < $year + $window
WITH a.place_id AS port_from, a.name AS name_from, b.place_id AS port_to, b.name AS name_to, b.country AS country_to,
  count(CASE WHEN s.year < $year THEN 1 END) AS earlier, min(s.year) AS first_year,
  CASE WHEN count(s.voyages) > 0 THEN sum(s.voyages) END AS voyages,
  CASE WHEN count(s.bulk) > 0 THEN sum(s.bulk) END AS bulk
WHERE earlier = 0
RETURN port_from, name_from, port_to, name_to, country_to, first_year, voyages, bulk
ORDER BY voyages DESC, port_from, port_to
LIMIT $limit
