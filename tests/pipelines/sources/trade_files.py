"""Small trade files in the layouts that are published, written by hand."""

import json

# The current API layout as csv; one row of China's imports, one world total.
API_HEADER = (
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,flowDesc,"
    "partnerCode,partnerISO,partnerDesc,partner2Code,partner2ISO,partner2Desc,classificationCode,"
    "classificationSearchCode,isOriginalClassification,cmdCode,cmdDesc,aggrLevel,isLeaf,customsCode,customsDesc,mosCode,"
    "motCode,motDesc,qtyUnitCode,qtyUnitAbbr,qty,isQtyEstimated,altQtyUnitCode,altQtyUnitAbbr,altQty,"
    "isAltQtyEstimated,netWgt,isNetWgtEstimated,grossWgt,isGrossWgtEstimated,cifvalue,fobvalue,primaryValue,"
    "legacyEstimationFlag,isReported,isAggregate"
)
API_ROWS = (
    "C,A,20200101,2020,52,2020,156,CHN,China,M,Import,360,IDN,Indonesia,0,W00,World,H5,HS,True,260400,"
    '"Nickel ores, and concentrates",6,True,C00,TOTAL CPC,0,0,TOTAL MOT,8,kg,50.0,False,8,kg,50.0,False,50.0,False,0,'
    "False,1000.0,,1000.0,0,False,True",
    "C,A,20200101,2020,52,2020,156,CHN,China,M,Import,0,W00,World,0,W00,World,H5,HS,True,260400,Nickel ores,6,True,"
    "C00,TOTAL CPC,0,0,TOTAL MOT,8,kg,50.0,False,8,kg,50.0,False,50.0,True,0,False,1000.0,,1000.0,4,False,True",
)
API_CSV = "\n".join([API_HEADER, *API_ROWS, ""])

# The legacy bulk layout: byte order mark, Windows line ends, flows by number, no ISO code for other Asia.
LEGACY_CSV = (
    "\ufeffClassification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,Trade Flow,"
    "Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,Commodity Code,Commodity,Qty Unit Code,"
    "Qty Unit,Qty,Netweight (kg),Trade Value (US$),Flag\r\n"
    "H4,2016,2016,2016,2,0,1,Import,8,Albania,ALB,0,World,WLD,44,Wood,1,No Quantity,,,300,0\r\n"
    "H4,2016,2016,2016,2,0,3,Re-Export,490,Other Asia,,36,Australia,AUS,44,Wood,8,Weight in kilograms,70,70,20,4\r\n"
)


def api_row(**changes: object) -> dict[str, object]:
    """A row as the API answers without descriptions: every ISO code and description null."""
    row: dict[str, object] = {
        "typeCode": "C", "freqCode": "A", "refPeriodId": 20250101, "refYear": 2025, "refMonth": 52, "period": "2025",
        "reporterCode": 392, "reporterISO": None, "flowCode": "M", "flowDesc": None, "partnerCode": 152,
        "partnerISO": None, "partner2Code": 0, "partner2ISO": None, "classificationCode": "H6", "cmdCode": "283691",
        "customsCode": "C00", "mosCode": "0", "motCode": 0, "qtyUnitCode": 8, "qtyUnitAbbr": None, "qty": 9643070,
        "isQtyEstimated": False, "netWgt": 9643070, "isNetWgtEstimated": False, "cifvalue": 107149277.058,
        "fobvalue": None, "primaryValue": 107149277.058, "legacyEstimationFlag": 0, "isReported": True,
        "isAggregate": False,
    }  # fmt: skip
    return {**row, **changes}


def answer(*rows: dict[str, object], error: str = "") -> bytes:
    """The body of an API answer."""
    return json.dumps({"elapsedTime": "0.1 secs", "count": len(rows), "data": rows, "error": error}).encode()
