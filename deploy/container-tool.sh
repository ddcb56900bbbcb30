# Sourced: sets `tool` to what builds images here, CONTAINER_TOOL or the first of docker, podman and buildah that works.
tool=${CONTAINER_TOOL:-}
if [[ -z $tool ]]; then
  for candidate in docker podman buildah; do
    if command -v "$candidate" > /dev/null && "$candidate" info > /dev/null 2>&1; then tool=$candidate; break; fi
  done
fi
if [[ -z $tool ]]; then
  echo "no docker, podman or buildah that works was found; CONTAINER_TOOL=… names one" >&2
  exit 1
fi
