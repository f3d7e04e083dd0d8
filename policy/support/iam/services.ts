/** A service's principal without region and partition: `logs.eu-west-1.amazonaws.com` is `logs`. */
export function serviceOf(principal: string): string {
    return principal
        .toLowerCase()
        .replace(/\.amazonaws\.com(?:\.cn)?$/, "")
        .replace(/(^|\.)[a-z]{2}(?:-[a-z]+)+-\d(?=\.|$)/, "");
}
