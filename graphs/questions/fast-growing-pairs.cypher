// Pairs whose trade multiplied within a year
//
// meaning: Pairs that traded at least so many times the value of the year before.
// data: any
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: min_ratio | number | 3 | Smallest ratio of both years
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: exporter, importer
// column: exporter | text | Code of the exporter
// column: exporter_name | text | Its name
// column: importer | text | Code of the importer
// column: importer_name | text | Its name
// column: before_usd | number | Value of the year before, USD
// column: value_usd | number | Value, USD
// column: ratio | number | Value by that of the year before
// column: growth_usd | number | Difference, USD
// caveat: Prices move too: compare the mass.
// caveat: Values are those of the source: reconciled ones are estimates where two declarations differed.

MATCH (a:Country|Residual)-[r:EXPORTS_TO]->(b:Country|Residual)
WHERE r.source = $source AND r.family = $commodity AND r.year <= $year AND r.year >= $year - 1 AND a.code <> b.code
WITH a.code AS exporter, a.name AS exporter_name, b.code AS importer, b.name AS importer_name,
  max(CASE WHEN r.year < $year THEN r.value_usd END) AS before_usd,
  max(CASE WHEN r.year = $year THEN r.value_usd END) AS value_usd
WHERE before_usd > 0 AND value_usd >= $min_value_usd AND value_usd >= $min_ratio * before_usd
RETURN exporter, exporter_name, importer, importer_name, before_usd, value_usd,
  value_usd / before_usd AS ratio, round(value_usd - before_usd, 3) AS growth_usd
ORDER BY growth_usd DESC, exporter, importer
LIMIT $limit
