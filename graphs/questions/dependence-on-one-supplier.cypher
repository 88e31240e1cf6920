// Importers that depend on one supplier
//
// meaning: Importers that buy at least a given part of a material from a single partner.
// data: any
// parameter: commodity | family | | Material, e.g. gold
// parameter: year | year | | Calendar year
// parameter: min_share | number | 0.8 | Smallest part of the imports, 0 to 1
// parameter: min_value_usd | number | 1000000 | Smaller amounts are left out, USD
// parameter: limit | whole | 50 | Rows at most
// parameter: source | source | reconciled or declared | Whose figures: the first of these kinds that is held, or a source by name
// key: importer, supplier
// column: importer | text | Code of the importer
// column: importer_name | text | Its name
// column: supplier | text | Code of the largest supplier
// column: supplier_name | text | Its name
// column: share | number | Its part of the imports, 0 to 1
// column: imports_usd | number | All imports, USD
// column: suppliers | whole | Suppliers in all
// caveat: Values are those of the source: reconciled ones are estimates where two declarations differed.

MATCH (a:Country|Residual)-[r:EXPORTS_TO]->(b:Country|Residual)
WHERE r.source = $source AND r.family = $commodity AND r.year = $year AND a.code <> b.code AND r.value_usd > 0
WITH b.code AS importer, b.name AS importer_name, count(*) AS suppliers,
  CASE WHEN count(r.value_usd) > 0 THEN round(sum(r.value_usd), 3) END AS imports_usd
WHERE imports_usd >= $min_value_usd
MATCH (s:Country|Residual)-[t:EXPORTS_TO]->(i:Country|Residual)
WHERE i.code = importer AND s.code <> i.code AND t.source = $source AND t.family = $commodity AND t.year = $year
  AND t.value_usd > 0
WITH importer, importer_name, s.code AS supplier, s.name AS supplier_name,
  t.value_usd / imports_usd AS share, imports_usd, suppliers
WHERE share >= $min_share
RETURN importer, importer_name, supplier, supplier_name, share, imports_usd, suppliers
ORDER BY imports_usd DESC, importer, supplier
LIMIT $limit
