/** Why Fargate starts no task when it has no room. Source: ECS Developer Guide, "API failure reasons". */
export const CAPACITY =
    "Capacity is unavailable at this time. Please try again later or in a different availability zone";
