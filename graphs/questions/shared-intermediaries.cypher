// Countries between two countries
//
// meaning: Who buys a material from one country and sells it to the other, in the same year.
// data: any
// parameter: exporter | area | | Exporter
// parameter: importer | area | | Importer
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: min_value_usd | number | 0 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: intermediary
// column: intermediary | text | Code of the country in between
// column: intermediary_name | text | Its name
// column: bought_usd | number | What it buys from the exporter, USD
// column: sold_usd | number | What it sells to the importer, USD
// column: at_most_usd | number | The smaller of both, USD
// caveat: That two flows meet in one country does not show that the same goods travelled on.
// caveat: Values are those of the source: reconciled ones are estimates where two declarations differed.

MATCH (a:Country|Residual)-[x:EXPORTS_TO]->(c:Country|Residual)
WHERE a.code = $exporter AND a.code <> c.code AND c.code <> $importer
  AND x.source = $source AND x.family = $commodity AND x.year = $year AND x.value_usd >= $min_value_usd
WITH c.code AS intermediary, c.name AS intermediary_name, x.value_usd AS bought_usd
MATCH (d:Country|Residual)-[y:EXPORTS_TO]->(b:Country|Residual)
WHERE d.code = intermediary AND b.code = $importer
  AND y.source = $source AND y.family = $commodity AND y.year = $year AND y.value_usd >= $min_value_usd
RETURN intermediary, intermediary_name, bought_usd, y.value_usd AS sold_usd,
  CASE WHEN bought_usd < y.value_usd THEN bought_usd ELSE y.value_usd END AS at_most_usd
ORDER BY at_most_usd DESC, intermediary
LIMIT $limit
