// Straits that a material's trade would pass
//
// meaning: Straits and canals on the shortest way by sea between the pairs that trade a material, with the value of these pairs.
// data: any, places
// parameter: commodity | goods | any | Material or six-digit HS code; any for all
// parameter: year | year | | Calendar year
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | declared or reconciled | Whose figures: the first of these kinds that is held, or a source by name
// key: strait
// column: strait | text | place_id of the strait
// column: strait_name | text | Its name
// column: pairs | whole | Pairs of exporter and importer whose shortest way passes it
// column: exporters | whole | Exporters among them
// column: importers | whole | Importers among them
// column: value_usd | number? | Trade of these pairs, USD; what is stated is added up
// caveat: The way is the shortest between any port of the one and any port of the other: it is a model, not where ships went.
// caveat: Goods that fly, go overland or change ship elsewhere do not pass where this says.
// caveat: A pair that passes several straits is counted at each.

MATCH (f:Flow)
WHERE f.source = $source AND f.year = $year AND ($commodity = "" OR f.family = $commodity OR f.commodity = $commodity)
WITH f.exporter AS exporter, f.importer AS importer,
  CASE WHEN count(f.value_usd) > 0 THEN round(sum(f.value_usd), 3) END AS traded
MATCH (c:Country)-[s:SAILS_THROUGH]->(p:Place)
WHERE c.code = exporter AND s.importer = importer
WITH p.place_id AS strait, p.name AS strait_name, count(*) AS pairs, count(DISTINCT exporter) AS exporters,
  count(DISTINCT importer) AS importers, CASE WHEN count(traded) > 0 THEN round(sum(traded), 3) END AS value_usd
RETURN strait, strait_name, pairs, exporters, importers, value_usd
ORDER BY value_usd IS NULL, value_usd DESC, pairs DESC, strait
LIMIT $limit
