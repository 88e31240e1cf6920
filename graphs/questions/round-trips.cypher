// Pairs that sell a material to each other
//
// meaning: Two countries that export the same material to one another in the same year.
// data: any
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: country, partner
// column: country | text | Code of the first country
// column: country_name | text | Its name
// column: partner | text | Code of the second country
// column: partner_name | text | Its name
// column: there_usd | number | First to second, USD
// column: back_usd | number | Second to first, USD
// column: both_ways_usd | number | The smaller of both, USD
// column: similarity | number | The smaller by the larger: 1 where both are equal
// caveat: Refining for others, bullion trade, returns and different grades are ordinary reasons.
// caveat: Values are those of the source: reconciled ones are estimates where two declarations differed.
// caveat: Partners that are no country are left out.

MATCH (a:Country)-[x:EXPORTS_TO]->(b:Country)-[y:EXPORTS_TO]->(a)
WHERE x.source = $source AND x.family = $commodity AND x.year = $year AND x.value_usd >= $min_value_usd
  AND y.source = $source AND y.family = $commodity AND y.year = $year AND y.value_usd >= $min_value_usd
  AND a.code < b.code
WITH a, b, x.value_usd AS there_usd, y.value_usd AS back_usd,
  CASE WHEN x.value_usd < y.value_usd THEN x.value_usd ELSE y.value_usd END AS both_ways_usd,
  CASE WHEN x.value_usd < y.value_usd THEN y.value_usd ELSE x.value_usd END AS larger_usd
WHERE larger_usd > 0
RETURN a.code AS country, a.name AS country_name, b.code AS partner, b.name AS partner_name, there_usd, back_usd,
  both_ways_usd, both_ways_usd / larger_usd AS similarity
ORDER BY both_ways_usd DESC, country, partner
LIMIT $limit
