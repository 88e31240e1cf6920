// Listed flights between two countries
//
// meaning: Routes by air that were listed between airports of two countries, the shortest first.
// data: places
// parameter: exporter | area | | Country of the first airport
// parameter: importer | area | | Country of the second airport
// parameter: limit | whole | 50 | Rows at most
// key: leg
// column: airport_from | text | place_id of the first airport
// column: name_from | text | Its name
// column: iata_from | text? | Its IATA code
// column: airport_to | text | place_id of the second airport
// column: name_to | text | Its name
// column: iata_to | text? | Its IATA code
// column: length_km | number | Great circle, km
// column: hours | number | Flight and handling, hours
// column: cost_usd_per_t | number | Cost, USD per tonne
// column: leg | text | Identifier of the leg
// caveat: Routes come from a list that ends in 2014: one that is missing may be flown, and one that is there may not.
// caveat: Gold changes planes in hubs: no direct flight is no finding.

MATCH (a:Airport)-[l:LEG]->(b:Airport)
WHERE a.country = $exporter AND b.country = $importer AND l.mode = "air"
RETURN a.place_id AS airport_from, a.name AS name_from, a.iata AS iata_from, b.place_id AS airport_to,
  b.name AS name_to, b.iata AS iata_to, l.length_km AS length_km, l.hours AS hours,
  l.cost_usd_per_t AS cost_usd_per_t, l.edge_id AS leg
ORDER BY length_km, leg
LIMIT $limit
