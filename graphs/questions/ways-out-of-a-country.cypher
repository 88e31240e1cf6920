// Ways out of a country
//
// meaning: Legs that lead from a port, airport, town or border crossing of a country to another country, the cheapest first.
// data: places
// parameter: country | area | | Country
// parameter: mode | mode | any | road, rail, river, sea or air; any for all
// parameter: limit | whole | 50 | Rows at most
// key: leg
// column: place_from | text | place_id where the leg begins
// column: name_from | text | Its name
// column: place_to | text | place_id where it ends
// column: name_to | text | Its name
// column: country_to | text | Country where it ends
// column: mode | text | Means of transport
// column: length_km | number | Length of the way, km
// column: hours | number | Travelling, handling and waiting, hours
// column: cost_usd_per_t | number | Cost of the leg, USD per tonne
// column: is_estimated | flag | True where no network is known: a straight line and a factor
// column: leg | text | Identifier of the leg
// caveat: Costs are round figures by mode, not freight rates; that a way exists says not that anybody takes it.
// caveat: Of the ways by sea only those to the nearest ports and between large ports are here; others lead over these.
// caveat: Air legs are routes that were listed, most of them in 2014.

MATCH (p:Port|Airport|Place)-[l:LEG]->(q:Port|Airport|Place)
WHERE p.country = $country AND q.country <> $country AND ($mode = "" OR l.mode = $mode)
RETURN p.place_id AS place_from, p.name AS name_from, q.place_id AS place_to, q.name AS name_to,
  q.country AS country_to, l.mode AS mode, l.length_km AS length_km, l.hours AS hours,
  l.cost_usd_per_t AS cost_usd_per_t, l.is_estimated AS is_estimated, l.edge_id AS leg
ORDER BY cost_usd_per_t, leg
LIMIT $limit
