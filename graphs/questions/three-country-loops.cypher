// Loops of three countries
//
// meaning: A sells a material to B, B to C and C back to A, all in one year.
// data: any
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: first, second, third
// column: first | text | Country code; the first of the three in the alphabet
// column: second | text | Country code
// column: third | text | Country code
// column: first_usd | number | First to second, USD
// column: second_usd | number | Second to third, USD
// column: third_usd | number | Third to first, USD
// column: around_usd | number | The smallest of the three: what can have gone around at most, USD
// caveat: A loop of annual figures does not show that the same goods went around.
// caveat: Values are those of the source: reconciled ones are estimates where two declarations differed.
// caveat: Partners that are no country are left out.

MATCH (a:Country)-[x:EXPORTS_TO]->(b:Country)-[y:EXPORTS_TO]->(c:Country)-[z:EXPORTS_TO]->(a)
WHERE x.source = $source AND x.family = $commodity AND x.year = $year AND x.value_usd >= $min_value_usd
  AND y.source = $source AND y.family = $commodity AND y.year = $year AND y.value_usd >= $min_value_usd
  AND z.source = $source AND z.family = $commodity AND z.year = $year AND z.value_usd >= $min_value_usd
  AND a.code < b.code AND a.code < c.code AND b.code <> c.code
WITH a, b, c, x.value_usd AS first_usd, y.value_usd AS second_usd, z.value_usd AS third_usd,
  CASE WHEN x.value_usd < y.value_usd THEN x.value_usd ELSE y.value_usd END AS smaller_usd
RETURN a.code AS first, b.code AS second, c.code AS third, first_usd, second_usd, third_usd,
  CASE WHEN smaller_usd < third_usd THEN smaller_usd ELSE third_usd END AS around_usd
ORDER BY around_usd DESC, first, second, third
LIMIT $limit
