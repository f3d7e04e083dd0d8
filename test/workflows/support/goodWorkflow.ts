/** A workflow with a bit of everything, in which the checks find nothing; tests break one thing of it at a time. */
export const GOOD_WORKFLOW = `
name: good
on:
  pull_request:
  workflow_dispatch:
permissions:
  contents: read
jobs:
  comment:
    if: github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    concurrency:
      group: comment
    permissions:
      contents: read
      pull-requests: write
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567 # v7.0.1
        with:
          persist-credentials: false
      - name: Fetch
        run: |
          curl --output a.tar.gz https://example.com/a.tar.gz
          echo "$DIGEST  a.tar.gz" | sha256sum --check --quiet
          tar --extract --file a.tar.gz
      - name: Comment
        env:
          GH_TOKEN: \${{ github.token }}
          BRANCH: \${{ github.head_ref }}
        run: npm run --silent preview-comment -- "$BRANCH"
  dev:
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    environment: dev
    concurrency:
      group: deploy-dev
      cancel-in-progress: false
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: ./.github/actions/deploy
  unlock:
    if: github.ref == 'refs/heads/main' && inputs.action == 'unlock'
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    environment: dev
    concurrency:
      group: deploy-dev
      cancel-in-progress: false
    steps:
      - run: npm run --silent unlock
`.replace(
    // Jobs with rights are either for pull requests or for main; here one file has both.
    "if: github.ref == 'refs/heads/main'\n",
    "if: github.ref == 'refs/heads/main' && github.event.pull_request.head.repo.full_name == github.repository\n",
);

/** The same for an action. */
export const GOOD_ACTION = `
name: good
runs:
  using: composite
  steps:
    - name: Preview
      shell: bash
      run: pulumi preview --policy-pack policy --policy-pack-config "policy/$STACK.json"
    - name: Guard
      shell: bash
      run: npm run --silent guard -- preview.json
    - name: Deploy
      shell: bash
      run: pulumi up --yes --policy-pack policy --policy-pack-config "policy/$STACK.json"
    - name: Mask
      shell: bash
      run: |
        value=$(pulumi stack output key --show-secrets)
        echo "::add-mask::$value"
    - name: Smoke
      shell: bash
      env:
        TOKEN: \${{ inputs.token }}
      run: npm run --silent smoke
`;
