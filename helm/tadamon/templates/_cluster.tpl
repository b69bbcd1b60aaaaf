{{/* What the cluster says is there already. Under `helm template`, which asks no cluster, nothing is. helm/checks puts another file in its place. */}}

{{/*
Whether a cluster was asked and has the namespace: "true" or nothing. By the ConfigMap that Kubernetes puts into every namespace, since whoever installs
may read ConfigMaps of their own namespace, but perhaps not the namespace itself: what is forbidden ends the rendering.
*/}}
{{- define "tadamon.namespaceThere" -}}
{{- if lookup "v1" "ConfigMap" .Release.Namespace "kube-root-ca.crt" -}}true{{- end -}}
{{- end -}}

{{/* The namespace's secrets by name, each with the names of its keys, as JSON. In an upgrade there is one at least: Helm's own. */}}
{{- define "tadamon.secretsThere" -}}
{{- $there := dict -}}
{{- range (lookup "v1" "Secret" .Release.Namespace "").items -}}{{- $_ := set $there .metadata.name (keys (.data | default dict) | sortAlpha) -}}{{- end -}}
{{- $there | toJson -}}
{{- end -}}

{{/* The ConfigMaps of services.<name>.files that are there, each with the names of its keys, as JSON. One by one: who may read them may not list them. */}}
{{- define "tadamon.filesThere" -}}
{{- $there := dict -}}
{{- range $service := .Values.services -}}
{{- if $service.files -}}
{{- with lookup "v1" "ConfigMap" $.Release.Namespace $service.files -}}{{- $_ := set $there $service.files (concat (keys (.data | default dict)) (keys (.binaryData | default dict)) | sortAlpha) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- $there | toJson -}}
{{- end -}}

{{/* Names of the namespace's Clusters of CloudNativePG, as JSON. */}}
{{- define "tadamon.clustersThere" -}}
{{- $names := list -}}
{{- range (lookup "postgresql.cnpg.io/v1" "Cluster" .Release.Namespace "").items -}}{{- $names = append $names .metadata.name -}}{{- end -}}
{{- $names | toJson -}}
{{- end -}}
