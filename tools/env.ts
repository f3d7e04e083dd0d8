import { run } from "./run";
import { localOutputs } from "./stackOutputs";

// The command `npm run env`: the lines that point the AWS CLI at the local run. Use: eval "$(npm run --silent env)".

run(() => {
    const { endpoint, region, accessKeyId, secretAccessKey } = localOutputs().adminCredentials;
    const variables = {
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
    Object.entries(variables).forEach(([name, value]) => console.log(`export ${name}=${value}`));
    // A token of another account beside these keys would make every call fail.
    console.log("unset AWS_SESSION_TOKEN AWS_PROFILE");
});
