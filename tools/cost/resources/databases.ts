import { PRICES } from "../prices";
import { BYTES_PER_GB, type Pricing, type ServicePricing } from "./pricing";

/** Each write changes every index, an upper bound; an item takes one unit. Indexes are left out of what is stored. */
const table: Pricing = (resource, month) => {
    const { billingMode, globalSecondaryIndexes = [], pointInTimeRecovery } = resource.inputs as TableInputs;
    if (billingMode !== "PAY_PER_REQUEST") {
        return [{ notPriced: `the provisioned capacity of table ${resource.name}` }];
    }
    const gb = (month.amount(resource, "bytes") * month.assumptions.storageMonths) / BYTES_PER_GB;
    return [
        {
            price: PRICES.dynamodb.writeUnit,
            units: month.amount(resource, "writes") * (1 + globalSecondaryIndexes.length),
        },
        { price: PRICES.dynamodb.readUnit, units: month.amount(resource, "reads") },
        { price: PRICES.dynamodb.gbMonth, units: gb },
        ...(pointInTimeRecovery?.enabled ? [{ price: PRICES.dynamodb.recoveryGbMonth, units: gb }] : []),
    ];
};

interface TableInputs {
    readonly billingMode?: string;
    readonly globalSecondaryIndexes?: readonly unknown[];
    readonly pointInTimeRecovery?: { readonly enabled?: boolean };
}

const cluster: Pricing = (resource, month) => [
    {
        price: PRICES.dsql.dpu,
        units: month.amount(resource, "transactions") * month.assumptions.dpusPerTransaction,
    },
    {
        price: PRICES.dsql.gbMonth,
        units: (month.amount(resource, "bytes") * month.assumptions.storageMonths) / BYTES_PER_GB,
    },
];

/** DynamoDB, Aurora DSQL, and the catalogue of Glue, which costs nothing up to a million objects. */
export const databases: ServicePricing = {
    priced: {
        "aws:dynamodb/table:Table": table,
        "aws:dsql/cluster:Cluster": cluster,
    },
    free: ["aws:glue/catalogDatabase:CatalogDatabase", "aws:glue/catalogTable:CatalogTable"],
};
