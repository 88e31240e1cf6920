// Producers that export more than they mine and import
//
// meaning: Listed producers whose exports exceed production (its upper figure) and recorded imports together. Precious metals are weighed by value over price, the rest by mass.
// data: any, production
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: min_excess_kg | number | 0 | Smaller excesses are left out, kg
// parameter: price_from_usd | number | 1000000000 | Flows from this value on make the price of a precious metal, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: country
// column: country | text | Country code
// column: country_name | text | Its name
// column: produced_kg | number | Largest upper figure of the tables, kg
// column: exports_kg | number | Exports, kg; of precious metals value over price
// column: imports_kg | number? | Recorded imports likewise; null where none are recorded
// column: excess_kg | number | Exports less production and imports, kg
// column: exports_usd | number? | Exports, USD
// column: price_usd_per_kg | number? | Price of the dearest code, USD per kg: unit values of its large flows, weighted by value; null where the material is weighed by mass
// caveat: Trade is stated in gross mass of goods, production in the content or the ore that its table states: ore weighs more than its metal.
// caveat: The declared mass of precious metals is often faulty (crude bars weigh more than their gold), so their value is divided by the price.
// caveat: A material without a flow of known mass as large as `price_from_usd` has no price: if it is weighed by value, the answer is empty.
// caveat: Countries with a flow of unknown mass are left out where mass is weighed: their balance cannot be drawn.
// caveat: A family may hold ores and scrap of other metals too (platinum ores stand beside gold): look at the codes.
// caveat: No recorded import counts as none. Stock and scrap are not counted.

OPTIONAL MATCH (t:Flow)
WHERE t.source = $source AND t.family = $commodity AND t.year = $year AND t.value_usd >= $price_from_usd
  AND t.mass_kg > 0
WITH t.commodity AS priced, CASE WHEN count(t.value_usd) > 0 THEN round(sum(t.value_usd), 3) END AS large_usd,
  CASE WHEN count(t.mass_kg) > 0 THEN sum(t.value_usd * t.value_usd / t.mass_kg) END AS weighted
WITH max(weighted / large_usd) AS price
MATCH (c:Country)-[p:PRODUCES]->(m:Family)
WHERE m.name = $commodity AND p.year = $year
WITH c, m.weighed_by AS weighed_by, CASE WHEN m.weighed_by = "value" THEN price END AS price_usd_per_kg,
  max(coalesce(p.mass_high_kg, p.mass_kg)) AS produced_kg
WHERE produced_kg > 0
MATCH (c)-[o:EXPORTS_TO]->(b:Country|Residual)
WHERE o.source = $source AND o.family = $commodity AND o.year = $year AND c.code <> b.code
WITH c, weighed_by, produced_kg, price_usd_per_kg, CASE WHEN count(*) > 0
  AND count(o.mass_kg) = count(*) THEN round(sum(o.mass_kg), 3) END AS sold_kg,
  CASE WHEN count(o.value_usd) > 0 THEN round(sum(o.value_usd), 3) END AS exports_usd
OPTIONAL MATCH (s:Country|Residual)-[i:EXPORTS_TO]->(c)
WHERE i.source = $source AND i.family = $commodity AND i.year = $year AND s.code <> c.code
WITH c, weighed_by, produced_kg, price_usd_per_kg, sold_kg, exports_usd, count(i.edge_id) AS suppliers,
  CASE WHEN count(i.edge_id) > 0 AND count(i.mass_kg) = count(i.edge_id) THEN round(sum(i.mass_kg), 3) END AS bought_kg,
  CASE WHEN count(i.value_usd) > 0 THEN round(sum(i.value_usd), 3) END AS imports_usd
WITH c, produced_kg, price_usd_per_kg, exports_usd, suppliers,
  CASE WHEN weighed_by = "value" THEN round(exports_usd / price_usd_per_kg, 3) ELSE sold_kg END AS exports_kg,
  CASE WHEN weighed_by = "value" THEN round(imports_usd / price_usd_per_kg, 3) ELSE bought_kg END AS imports_kg
WHERE suppliers = 0 OR imports_kg IS NOT NULL
WITH c, produced_kg, exports_kg, imports_kg, exports_usd, price_usd_per_kg,
  round(exports_kg - produced_kg - coalesce(imports_kg, 0.0), 3) AS excess_kg
WHERE excess_kg > 0 AND excess_kg >= $min_excess_kg
RETURN c.code AS country, c.name AS country_name, produced_kg, exports_kg, imports_kg, excess_kg, exports_usd,
  price_usd_per_kg
ORDER BY excess_kg DESC, country
LIMIT $limit
