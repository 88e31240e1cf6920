// New routes into former customers after an export ban
//
// meaning: Pairs without trade in the covered goods before a ban that supply a former customer of the banning country from that year on.
// data: any
// parameter: exporter | area | | Country that decreed the ban
// parameter: commodity | goods | any | Material or six-digit HS code; any for all
// parameter: year | year | | Year in which the ban is in force, usually its first
// parameter: window | whole | 3 | Years before, and years from then on, that are compared
// parameter: min_former_usd | number | 1000000 | Importers that bought less from the banning country before are left out, USD
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | declared or reconciled | Whose figures: the first of these kinds that is held, or a source by name
// derived: first_day | {year}-01-01
// derived: last_day | {year}-12-31
// key: exporter, importer
// column: exporter | text | Code of the exporter
// column: exporter_name | text | Its name
// column: importer | text | Code of the importer
// column: importer_name | text | Its name
// column: first_year | whole | First year of the new route
// column: value_usd | number | Value from the year on, USD
// column: flows | whole | Flows from the year on
// column: former_usd | number | What the importer bought from the banning country before, USD
// caveat: `value_usd` is what the importer declares, else what the exporter declares, else the reconciled value.
// caveat: New suppliers after a ban are first of all what a ban leads to; a supplier that mines nothing itself is worth a second look.
// caveat: A pair without an edge is a pair of which the source knows no trade: it may exist unrecorded.

MATCH (k:Commodity)<-[:COVERS]-(decree:Ban)-[:DECREED_BY]->(c:Country)
WHERE c.code = $exporter AND decree.start <= $last_day AND (decree.`end` IS NULL OR decree.`end` >= $first_day)
  AND ($commodity = "" OR k.family = $commodity OR k.code = $commodity)
WITH DISTINCT k.code AS code
MATCH (g:Flow)-[:IMPORTED_BY]->(b:Country)
WHERE g.source = $source AND g.commodity = code AND g.exporter = $exporter AND g.year < $year
  AND g.year >= $year - $window AND g.importer <> $exporter
WITH code, b.code AS importer, b.name AS importer_name,
  coalesce(g.import_value_usd, g.export_value_usd, g.value_usd) AS bought
WITH importer, importer_name, CASE WHEN count(bought) > 0 THEN round(sum(bought), 3) END AS former_usd
WHERE former_usd >= $min_former_usd
MATCH (k:Commodity)<-[:COVERS]-(decree:Ban)-[:DECREED_BY]->(c:Country)
WHERE c.code = $exporter AND decree.start <= $last_day AND (decree.`end` IS NULL OR decree.`end` >= $first_day)
  AND ($commodity = "" OR k.family = $commodity OR k.code = $commodity)
WITH DISTINCT importer, importer_name, former_usd, k.code AS covered
MATCH (f:Flow)-[:EXPORTED_BY]->(a:Country|Residual)
WHERE f.source = $source AND f.commodity = covered AND f.importer = importer AND f.exporter <> $exporter
  AND f.exporter <> f.importer AND f.year >= $year - $window AND f.year < $year + $window
WITH importer, importer_name, former_usd, a.code AS exporter, a.name AS exporter_name,
  count(CASE WHEN f.year < $year THEN 1 END) AS earlier, min(f.year) AS first_year, count(*) AS flows,
  CASE WHEN count(coalesce(f.import_value_usd, f.export_value_usd, f.value_usd)) > 0
  THEN round(sum(coalesce(f.import_value_usd, f.export_value_usd, f.value_usd)), 3) END AS value_usd
WHERE earlier = 0 AND value_usd >= $min_value_usd
RETURN exporter, exporter_name, importer, importer_name, first_year, value_usd, flows, former_usd
ORDER BY value_usd DESC, exporter, importer
LIMIT $limit
