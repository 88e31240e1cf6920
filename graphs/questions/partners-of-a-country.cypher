// Partners of a country for a material in a year
//
// meaning: With whom a country traded a material, both directions side by side.
// data: any
// parameter: country | area | | Country or area
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: min_value_usd | number | 0 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: partner
// column: partner | text | Code of the partner
// column: partner_name | text | Its name
// column: exports_usd | number? | What the country exported to it, USD; null where nothing is recorded
// column: exports_kg | number? | Net mass, kg
// column: imports_usd | number? | What the country imported from it, USD; null where nothing is recorded
// column: imports_kg | number? | Net mass, kg
// column: larger_usd | number | The larger of both values, USD
// caveat: Values are those of the source: reconciled ones are estimates where two declarations differed.
// caveat: A pair without an edge is a pair of which the source knows no trade: it may exist unrecorded.

MATCH (a:Country|Residual)-[r:EXPORTS_TO]->(b:Country|Residual)
WHERE r.source = $source AND r.family = $commodity AND r.year = $year AND (a.code = $country OR b.code = $country)
  AND a.code <> b.code
WITH CASE WHEN a.code = $country THEN b.code ELSE a.code END AS partner,
  CASE WHEN a.code = $country THEN b.name ELSE a.name END AS partner_name,
  max(CASE WHEN a.code = $country THEN r.value_usd END) AS exports_usd,
  max(CASE WHEN a.code = $country THEN r.mass_kg END) AS exports_kg,
  max(CASE WHEN b.code = $country THEN r.value_usd END) AS imports_usd,
  max(CASE WHEN b.code = $country THEN r.mass_kg END) AS imports_kg,
  max(r.value_usd) AS larger_usd
WHERE larger_usd >= $min_value_usd
RETURN partner, partner_name, exports_usd, exports_kg, imports_usd, imports_kg, larger_usd
ORDER BY larger_usd DESC, partner
LIMIT $limit
