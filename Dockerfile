# The image of Greenlight. make image builds it with docker, make image-archive without.
ARG BUILD=golang:1.26
# The program is static and talks to the API server alone, whose CA is in the pod: it needs no base. Another one,
# such as distroless static, is given by --build-arg BASE=...
ARG BASE=scratch

FROM --platform=$BUILDPLATFORM ${BUILD} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETOS=linux
ARG TARGETARCH
ARG VERSION=devel
# The Makefile says what the tag is for.
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -buildvcs=false -tags grpcnotrace \
    -ldflags "-X greenlight.dev/greenlight/internal/version.number=$VERSION" -o /out/ ./cmd/greenlight-webhook

FROM ${BASE}
COPY --from=build /out/greenlight-webhook /greenlight-webhook
USER 65532:65532
ENTRYPOINT ["/greenlight-webhook"]
