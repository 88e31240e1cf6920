// Pairs whose trade would pass a strait
//
// meaning: Exporters and importers of a material whose shortest way by sea leads through one strait or canal.
// data: any, places
// parameter: strait | strait | | Strait or canal, e.g. Suez Canal
// parameter: commodity | goods | any | Material or six-digit HS code; any for all
// parameter: year | year | | Calendar year
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | declared or reconciled | Whose figures: the first of these kinds that is held, or a source by name
// key: exporter, importer
// column: exporter | text | Code of the exporter
// column: exporter_name | text | Its name
// column: importer | text | Code of the importer
// column: value_usd | number? | Trade of the pair, USD; what is stated is added up
// column: port_from | text | place_id of the port where the way begins
// column: port_to | text | place_id of the port where it ends
// column: length_km | number | Length of the way by sea, km
// caveat: The way is the shortest between any port of the one and any port of the other: it is a model, not where ships went.
// caveat: Goods that fly, go overland or change ship elsewhere do not pass where this says.

MATCH (f:Flow)
WHERE f.source = $source AND f.year = $year AND ($commodity = "" OR f.family = $commodity OR f.commodity = $commodity)
WITH f.exporter AS exporter, f.importer AS importer,
  CASE WHEN count(f.value_usd) > 0 THEN round(sum(f.value_usd), 3) END AS value_usd
MATCH (c:Country)-[s:SAILS_THROUGH]->(p:Place)
WHERE c.code = exporter AND s.importer = importer AND p.place_id = $strait
RETURN exporter, c.name AS exporter_name, importer, value_usd, s.from_port AS port_from, s.to_port AS port_to,
  s.length_km AS length_km
ORDER BY value_usd IS NULL, value_usd DESC, exporter, importer
LIMIT $limit
