// Materials that a country traded in a year
//
// meaning: What a country exported and imported, material by material.
// data: any
// parameter: country | area | | Country or area
// parameter: year | year | | Calendar year
// parameter: min_value_usd | number | 0 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: commodity
// column: commodity | text | Material
// column: title | text | Its name
// column: exports_usd | number? | USD; null where nothing is recorded
// column: imports_usd | number? | USD; null where nothing is recorded
// column: larger_usd | number | The larger of both, USD
// caveat: Values are those of the source: reconciled ones are estimates where two declarations differed.
// caveat: A pair without an edge is a pair of which the source knows no trade: it may exist unrecorded.

MATCH (a:Country|Residual)-[r:EXPORTS_TO]->(b:Country|Residual)
WHERE r.source = $source AND r.year = $year AND (a.code = $country OR b.code = $country) AND a.code <> b.code
WITH r.family AS commodity,
  CASE WHEN a.code = $country THEN r.value_usd END AS sold, CASE WHEN b.code = $country THEN r.value_usd END AS bought
WITH commodity, CASE WHEN count(sold) > 0 THEN round(sum(sold), 3) END AS exports_usd,
  CASE WHEN count(bought) > 0 THEN round(sum(bought), 3) END AS imports_usd
WITH commodity, exports_usd, imports_usd,
  CASE WHEN imports_usd IS NULL OR exports_usd >= imports_usd THEN exports_usd ELSE imports_usd END AS larger_usd
WHERE larger_usd >= $min_value_usd
MATCH (m:Family)
WHERE m.name = commodity
RETURN commodity, m.title AS title, exports_usd, imports_usd, larger_usd
ORDER BY larger_usd DESC, commodity
LIMIT $limit
