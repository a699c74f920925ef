# The image of Greenlight. make image builds it with docker, make image-archive without.
ARG BUILD=golang:1.26
# The program is static. What distroless static would add is CA certificates, time zones and a passwd file: the CA of the
# API server is in the pod, that of a collector of traces is mounted, and the rest is not read. What is not there needs
# no patches. The user is that of distroless, and --build-arg BASE=... names another base.
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
