# The image of a TypeScript program of this repository. components/support/containerImage.ts builds it, and names the arguments.

# The bundle is the same for every platform: it is made on the builder's own.
FROM --platform=$BUILDPLATFORM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts
COPY . .
# Path of the program, and the SHA-256 that its bundle must have.
ARG ENTRY
ARG SHA256
# Without times, the same content is the same image: ECR takes nothing else under a tag that it knows.
RUN node --require ./tools/register.cjs tools/program.ts "$ENTRY" /image/app/index.js "$SHA256" \
    && touch --date=@0 /image/app/index.js /image/app

FROM gcr.io/distroless/nodejs24-debian12:nonroot
# Another tag is another image: Pulumi deletes images by digest, so two tags of one would end together.
ARG TAG
LABEL org.opencontainers.image.version=$TAG
COPY --from=build /image /
USER nonroot
# Fargate gives a volume that is mounted here the rights of this folder, where everybody may write; else only root could.
VOLUME ["/tmp"]
ENTRYPOINT ["/nodejs/bin/node", "/app/index.js"]
