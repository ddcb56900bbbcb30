#!/usr/bin/env bash
# Builds the image. Usage: deploy/image.sh NAME; BASE_IMAGE=…, PROGRAMS=compiled|prebuilt and CONTAINER_TOOL=… as
# deploy/README.md says.
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1
source deploy/container-tool.sh

# The same commit gives the same version.
revision=$(git describe --always --dirty --abbrev=12 --exclude='*' 2> /dev/null || echo unknown)
version=$(sed -n 's/^project(council VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt)+$revision
arguments=(--build-arg "VERSION=$version" --build-arg "REVISION=$revision" --build-arg "PROGRAMS=${PROGRAMS:-compiled}"
           --build-arg "JOBS=${JOBS:-}")
if [[ -n ${BASE_IMAGE:-} ]]; then arguments+=(--build-arg "BASE_IMAGE=$BASE_IMAGE"); fi
if [[ ${PROGRAMS:-} == prebuilt ]]; then
  deploy/runtime-packages build/release/bin/{contactsd,ledgerd,recommendationsd,councild,council} > build/release/runtime-packages
fi

# Stages that are not needed are left out.
export DOCKER_BUILDKIT=1
build=(build)
if [[ $tool == buildah ]]; then build=(build --layers); fi
"$tool" "${build[@]}" "${arguments[@]}" -t "$name" -f deploy/Dockerfile .
echo "built $name, version $version"
