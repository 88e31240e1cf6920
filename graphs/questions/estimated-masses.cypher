// Declarations whose mass was estimated
//
// meaning: Declarations whose net mass the statistical office estimated: such a mass is made from the value and shows no price.
// data: declared
// parameter: commodity | goods | any | Material or six-digit HS code; any for all
// parameter: since | year | | First year
// parameter: until | year | | Last year
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | declared | Whose figures: declared, or a source by name
// key: exporter, importer, commodity, year, side
// column: exporter | text | Code of the exporter
// column: importer | text | Code of the importer
// column: commodity | text | HS code
// column: year | whole | Calendar year
// column: side | text | Side that declares: export or import
// column: office | text | Code of the office
// column: value_usd | number | Value, USD
// column: mass_kg | number? | Estimated net mass, kg
// caveat: Where the source does not say whether a mass is estimated, it is not listed here.

MATCH (f:Flow)-[d:DECLARED_BY]->(o:Country)
WHERE f.source = $source AND ($commodity = "" OR f.family = $commodity OR f.commodity = $commodity)
  AND f.year >= $since AND f.year <= $until
  AND d.is_mass_estimated = true AND d.value_usd >= $min_value_usd
RETURN f.exporter AS exporter, f.importer AS importer, f.commodity AS commodity, f.year AS year, d.side AS side,
  o.code AS office, d.value_usd AS value_usd, d.mass_kg AS mass_kg
ORDER BY value_usd DESC, exporter, importer, commodity, year, side
LIMIT $limit
