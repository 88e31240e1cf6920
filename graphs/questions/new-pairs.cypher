// Pairs that begin to trade a material
//
// meaning: Pairs with trade in a year and none on record in the years before it.
// data: any
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: window | whole | 3 | Earlier years that are looked at
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: exporter, importer
// column: exporter | text | Code of the exporter
// column: exporter_name | text | Its name
// column: importer | text | Code of the importer
// column: importer_name | text | Its name
// column: value_usd | number | Value, USD
// column: mass_kg | number? | Net mass, kg; null if any part is unknown
// column: years_held | whole | Earlier years of which the source holds any trade of the material
// caveat: A pair without an edge is a pair of which the source knows no trade: it may exist unrecorded.
// caveat: Where fewer years are held than asked for, an old pair may look new.

MATCH (:Country|Residual)-[e:EXPORTS_TO]->(:Country|Residual)
WHERE e.source = $source AND e.family = $commodity AND e.year < $year AND e.year >= $year - $window
WITH count(DISTINCT e.year) AS years_held
WHERE years_held > 0
MATCH (a:Country|Residual)-[r:EXPORTS_TO]->(b:Country|Residual)
WHERE r.source = $source AND r.family = $commodity AND r.year <= $year AND r.year >= $year - $window
  AND a.code <> b.code
WITH years_held, a.code AS exporter, a.name AS exporter_name, b.code AS importer, b.name AS importer_name,
  max(CASE WHEN r.year = $year THEN r.value_usd END) AS value_usd,
  max(CASE WHEN r.year = $year THEN r.mass_kg END) AS mass_kg, count(CASE WHEN r.year < $year THEN 1 END) AS earlier
WHERE earlier = 0 AND value_usd >= $min_value_usd
RETURN exporter, exporter_name, importer, importer_name, value_usd, mass_kg, years_held
ORDER BY value_usd DESC, exporter, importer
LIMIT $limit
