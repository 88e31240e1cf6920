// Flows far from the unit value of the year
//
// meaning: Flows whose value by mass is at least so many times the world unit value of their code and year, or as far below it.
// data: any
// parameter: commodity | goods | | Material, e.g. nickel, or a six-digit HS code
// parameter: year | year | | Calendar year
// parameter: factor | number | 5 | Smallest distance from the world unit value, as a factor
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: exporter, importer, commodity
// column: exporter | text | Code of the exporter
// column: importer | text | Code of the importer
// column: commodity | text | HS code
// column: value_usd | number | Value, USD
// column: mass_kg | number | Net mass, kg
// column: usd_per_kg | number | Value by mass, USD per kg
// column: world_usd_per_kg | number | Unit value of the code that year, USD per kg
// column: ratio | number | The one by the other
// caveat: The world unit value is all values by all masses; for precious metals and stones, whose masses are often faulty, it is the mean of the unit values weighted by value.
// caveat: A unit value mixes grades and contents, and a wrong unit of mass shows as a price: look at the mass first.
// caveat: Flows of unknown mass are left out.

MATCH (f:Flow)-[:OF]->(k:Commodity)-[:IN_FAMILY]->(m:Family)
WHERE f.source = $source AND (f.family = $commodity OR f.commodity = $commodity) AND f.year = $year
  AND f.value_usd > 0 AND f.mass_kg > 0
WITH k.code AS commodity, m.weighed_by AS weighed_by,
  CASE WHEN count(f.value_usd) > 0 THEN round(sum(f.value_usd), 3) END AS world_usd,
  CASE WHEN count(f.mass_kg) > 0 THEN sum(f.mass_kg) END AS world_kg,
  CASE WHEN count(f.mass_kg) > 0 THEN sum(f.value_usd * f.value_usd / f.mass_kg) END AS weighted
WITH commodity, CASE WHEN weighed_by = "value" THEN weighted / world_usd ELSE world_usd / world_kg
  END AS world_usd_per_kg
MATCH (g:Flow)
WHERE g.source = $source AND (g.family = $commodity OR g.commodity = $commodity) AND g.commodity = commodity
  AND g.year = $year
  AND g.value_usd >= $min_value_usd AND g.value_usd > 0 AND g.mass_kg > 0
WITH g.exporter AS exporter, g.importer AS importer, commodity, g.value_usd AS value_usd, g.mass_kg AS mass_kg,
  g.value_usd / g.mass_kg AS usd_per_kg, world_usd_per_kg
WITH exporter, importer, commodity, value_usd, mass_kg, usd_per_kg, world_usd_per_kg,
  usd_per_kg / world_usd_per_kg AS ratio
WHERE ratio >= $factor OR ratio * $factor <= 1.0
RETURN exporter, importer, commodity, value_usd, mass_kg, usd_per_kg, world_usd_per_kg, ratio
ORDER BY value_usd DESC, exporter, importer, commodity
LIMIT $limit
