// Producers of a material in a year
//
// meaning: What the production tables list, source by source.
// data: production
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: limit | whole | 50 | Rows at most
// key: country, source, basis
// column: country | text | Country code
// column: country_name | text | Its name
// column: source | text | Production table
// column: basis | text | content or ore
// column: mass_kg | number? | Production, kg; null where the table gives none
// column: mass_low_kg | number? | 10th percentile, kg
// column: mass_high_kg | number? | 90th percentile, kg
// caveat: Production tables are incomplete: a country that is not listed may mine the material on a small scale.
// caveat: Tables may list one mine twice under content and ore, and differ from one another: do not add them.

MATCH (c:Country|Residual)-[p:PRODUCES]->(m:Family)
WHERE m.name = $commodity AND p.year = $year
RETURN c.code AS country, c.name AS country_name, p.source AS source, p.basis AS basis, p.mass_kg AS mass_kg,
  p.mass_low_kg AS mass_low_kg, p.mass_high_kg AS mass_high_kg
ORDER BY mass_kg IS NULL, mass_kg DESC, country, source, basis
LIMIT $limit
