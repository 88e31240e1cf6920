// Suppliers that two countries share
//
// meaning: Who sells a material to both of two countries in a year.
// data: any
// parameter: first | area | | One importer
// parameter: second | area | | The other importer
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: min_value_usd | number | 0 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: exporter
// column: exporter | text | Code of the exporter
// column: exporter_name | text | Its name
// column: first_usd | number | What the first buys from it, USD
// column: second_usd | number | What the second buys from it, USD
// column: both_usd | number | Both together, USD
// caveat: Values are those of the source: reconciled ones are estimates where two declarations differed.

MATCH (s:Country|Residual)-[x:EXPORTS_TO]->(a:Country|Residual)
WHERE a.code = $first AND s.code <> $first AND s.code <> $second
  AND x.source = $source AND x.family = $commodity AND x.year = $year AND x.value_usd >= $min_value_usd
WITH s.code AS exporter, s.name AS exporter_name, x.value_usd AS first_usd
MATCH (t:Country|Residual)-[y:EXPORTS_TO]->(b:Country|Residual)
WHERE t.code = exporter AND b.code = $second
  AND y.source = $source AND y.family = $commodity AND y.year = $year AND y.value_usd >= $min_value_usd
RETURN exporter, exporter_name, first_usd, y.value_usd AS second_usd, round(first_usd + y.value_usd, 3) AS both_usd
ORDER BY both_usd DESC, exporter
LIMIT $limit
