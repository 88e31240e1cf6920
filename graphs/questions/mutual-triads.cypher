// Groups of three that all sell to one another
//
// meaning: Three countries of which each sells a material to both others: the tightest group a market can have across borders.
// data: any
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: first, second, third
// column: first | text | Country code
// column: second | text | Country code
// column: third | text | Country code
// column: smallest_usd | number | Smallest of the six flows, USD
// column: all_usd | number | The six flows together, USD
// caveat: A question can only name small patterns; communities of any size are a measure of the whole network.
// caveat: Values are those of the source: reconciled ones are estimates where two declarations differed.
// caveat: Partners that are no country are left out.

MATCH (a:Country)-[u:EXPORTS_TO]->(b:Country)-[v:EXPORTS_TO]->(a)
WHERE u.source = $source AND u.family = $commodity AND u.year = $year AND u.value_usd >= $min_value_usd
  AND v.source = $source AND v.family = $commodity AND v.year = $year AND v.value_usd >= $min_value_usd
  AND a.code < b.code
WITH a, b, u.value_usd + v.value_usd AS ab_usd,
  CASE WHEN u.value_usd < v.value_usd THEN u.value_usd ELSE v.value_usd END AS ab_least
MATCH (a)-[w:EXPORTS_TO]->(c:Country)-[x:EXPORTS_TO]->(a)
WHERE w.source = $source AND w.family = $commodity AND w.year = $year AND w.value_usd >= $min_value_usd
  AND x.source = $source AND x.family = $commodity AND x.year = $year AND x.value_usd >= $min_value_usd
  AND a.code < c.code AND b.code < c.code
WITH b, c, a.code AS first, ab_usd + w.value_usd + x.value_usd AS abc_usd, ab_least,
  CASE WHEN w.value_usd < x.value_usd THEN w.value_usd ELSE x.value_usd END AS ac_least
WITH b, c, first, abc_usd, CASE WHEN ab_least < ac_least THEN ab_least ELSE ac_least END AS abc_least
MATCH (b)-[y:EXPORTS_TO]->(c)-[z:EXPORTS_TO]->(b)
WHERE y.source = $source AND y.family = $commodity AND y.year = $year AND y.value_usd >= $min_value_usd
  AND z.source = $source AND z.family = $commodity AND z.year = $year AND z.value_usd >= $min_value_usd
  AND b.code < c.code
WITH first, b.code AS second, c.code AS third, round(abc_usd + y.value_usd + z.value_usd, 3) AS all_usd, abc_least,
  CASE WHEN y.value_usd < z.value_usd THEN y.value_usd ELSE z.value_usd END AS bc_least
RETURN first, second, third, CASE WHEN abc_least < bc_least THEN abc_least ELSE bc_least END AS smallest_usd, all_usd
ORDER BY smallest_usd DESC, first, second, third
LIMIT $limit
