// Codes of a material
//
// meaning: Which HS codes the graph holds of a material.
// data: any
// parameter: commodity | family | any | Material, e.g. gold; any for all
// key: commodity
// column: commodity | text | HS code
// column: title | text | Its name
// column: family | text | Material
// column: family_title | text | Its name
// column: basis | text | What production and contents are stated in
// column: weighed_by | text | value where the mass is often faulty, else mass
// caveat: Codes without a flow in this graph are not listed.

MATCH (k:Commodity)-[:IN_FAMILY]->(m:Family)
WHERE $commodity = "" OR m.name = $commodity
RETURN k.code AS commodity, k.title AS title, m.name AS family, m.title AS family_title, m.basis AS basis,
  m.weighed_by AS weighed_by
ORDER BY family, commodity
