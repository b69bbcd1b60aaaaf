{{/* Names, labels, and the list of workloads that every template loops over. */}}

{{- define "tadamon.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains "tadamon" .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-tadamon" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Labels of every object. */}}
{{- define "tadamon.labels" -}}
app.kubernetes.io/name: tadamon
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* What selects the pods of this installation. */}}
{{- define "tadamon.selector" -}}
app.kubernetes.io/name: tadamon
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "tadamon.facts" -}}
{{ .Files.Get "files/services.yaml" }}
{{- end -}}

{{/*
A JSON list of workloads, one for each Deployment: the service, the name, the roles it plays, and the sizes that hold for it. `serves` says
whether it answers calls. `role` is the role that it has alone, or "all".
*/}}
{{- define "tadamon.workloads" -}}
{{- $facts := include "tadamon.facts" . | fromYaml -}}
{{- $full := include "tadamon.fullname" . -}}
{{- $list := list -}}
{{- range $name, $fact := $facts -}}
{{- $service := index $.Values.services $name -}}
{{- if $service.enabled -}}
{{- if and $service.split (gt (len $fact.roles) 1) -}}
{{- range $role := $fact.roles -}}
{{- $own := get $service.roles $role | default dict -}}
{{- $workload := dict "service" $name "role" $role "roles" (list $role) "serves" (eq $role "grpc") "name" (printf "%s-%s-%s" $full $name $role) -}}
{{- $_ := set $workload "replicas" ($own.replicas | default $service.replicas) -}}
{{- $_ := set $workload "resources" ($own.resources | default $service.resources) -}}
{{- $_ := set $workload "autoscaling" (mergeOverwrite (deepCopy $service.autoscaling) ($own.autoscaling | default dict)) -}}
{{- /* One relay works; jobs without a queue are timers, which no measure counts. More pods would help neither. */ -}}
{{- if or (eq $role "relay") (and (eq $role "jobs") (not $fact.queue)) -}}{{- $_ := set $workload.autoscaling "enabled" false -}}{{- end -}}
{{- $list = append $list $workload -}}
{{- end -}}
{{- else -}}
{{- $list = append $list (dict "service" $name "role" "all" "roles" $fact.roles "serves" true "name" (printf "%s-%s" $full $name) "replicas" $service.replicas "resources" $service.resources "autoscaling" $service.autoscaling) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $list | toJson -}}
{{- end -}}

{{/* Fewest and most pods of a workload: "fewest most". */}}
{{- define "tadamon.pods" -}}
{{- if .autoscaling.enabled -}}{{ .autoscaling.min | int }} {{ .autoscaling.max | int }}{{- else -}}{{ .replicas | int }} {{ .replicas | int }}{{- end -}}
{{- end -}}

{{/* Whether one of the workload's roles is in the list: "true" or nothing. Takes roles and of. */}}
{{- define "tadamon.plays" -}}
{{- $of := .of -}}
{{- $found := false -}}
{{- range .roles -}}{{- if has . $of -}}{{- $found = true -}}{{- end -}}{{- end -}}
{{- if $found -}}true{{- end -}}
{{- end -}}

{{- define "tadamon.image" -}}
{{- $service := index .root.Values.services .service -}}
{{- $image := .root.Values.image -}}
{{- if $service.digest -}}
{{ $image.registry }}/tadamon-{{ .service }}@{{ $service.digest }}
{{- else -}}
{{ $image.registry }}/tadamon-{{ .service }}:{{ $image.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* The image of the operator's command line. */}}
{{- define "tadamon.commandLine" -}}
{{- $v := .Values -}}
{{- if $v.backup.digest -}}
{{ $v.image.registry }}/tadamon-tadamon@{{ $v.backup.digest }}
{{- else -}}
{{ $v.image.registry }}/tadamon-tadamon:{{ $v.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* How a service's Cluster is made anew from backups, as YAML; nothing when it is not. Takes root and service. */}}
{{- define "tadamon.recovery" -}}
{{- $all := .root.Values.postgres.cloudnativepg.recoveries -}}
{{- with (get $all .service | default (get $all "all")) -}}{{ toYaml . }}{{- end -}}
{{- end -}}

{{/* A service's Cluster. One that was made anew has a number, so that the one before stays as it is. Takes root and service. */}}
{{- define "tadamon.cluster" -}}
{{- $recovery := include "tadamon.recovery" . | fromYaml -}}
{{- printf "%s-%s%s-postgres" (include "tadamon.fullname" .root) .service (ternary (printf "-%s" $recovery.generation) "" (not (empty $recovery.generation))) -}}
{{- end -}}

{{/* The Cluster whose backups it began with. Takes root and service. */}}
{{- define "tadamon.clusterBefore" -}}
{{- $from := get (include "tadamon.recovery" . | fromYaml) "from" -}}
{{- printf "%s-%s%s-postgres" (include "tadamon.fullname" .root) .service (ternary (printf "-%s" $from) "" (not (empty $from))) -}}
{{- end -}}

{{/* The services whose recovered databases are to be told so, as JSON: none unless everything is stopped. */}}
{{- define "tadamon.marked" -}}
{{- $marked := list -}}
{{- if and .Values.stopped (eq .Values.postgres.mode "cloudnativepg") -}}
{{- range $name, $fact := include "tadamon.facts" . | fromYaml -}}
{{- if and (index $.Values.services $name).enabled $fact.database (include "tadamon.recovery" (dict "root" $ "service" $name)) -}}{{- $marked = append $marked $name -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- $marked | toJson -}}
{{- end -}}

{{/* host of an address */}}
{{- define "tadamon.host" -}}
{{- regexReplaceAll ":[0-9]+$" (urlParse .).host "" -}}
{{- end -}}

{{/* The public addresses that are served, as JSON: host, path, service. */}}
{{- define "tadamon.routes" -}}
{{- $v := .Values -}}
{{- $routes := list -}}
{{- if $v.services.portal.enabled -}}
{{- $routes = append $routes (dict "name" "portal" "host" (include "tadamon.host" $v.addresses.portal) "path" "/" "type" "Prefix" "service" "portal") -}}
{{- end -}}
{{- if $v.services.identity.enabled -}}
{{- $routes = append $routes (dict "name" "tokens" "host" (include "tadamon.host" $v.addresses.tokens) "path" "/oauth2/token" "type" "Exact" "service" "identity") -}}
{{- end -}}
{{- if and $v.services.partnerships.enabled $v.addresses.partners -}}
{{- $routes = append $routes (dict "name" "partners" "host" (include "tadamon.host" $v.addresses.partners) "path" "/partner/v1" "type" "Prefix" "service" "partnerships") -}}
{{- end -}}
{{- $routes | toJson -}}
{{- end -}}

{{/* The DNS name by which a certificate says whose it is. Takes root and service. */}}
{{- define "tadamon.certified" -}}
{{- printf "%s-%s.%s.svc" (include "tadamon.fullname" .root) .service .root.Release.Namespace -}}
{{- end -}}

{{/* What a service's setting says that names a file of an installation's own, or nothing. Takes root and service. */}}
{{- define "tadamon.fileNamed" -}}
{{- $fact := index (include "tadamon.facts" .root | fromYaml) .service -}}
{{- if $fact.file -}}
{{- $words := splitList "." $fact.file -}}
{{- get (get (index .root.Values.services .service).settings (index $words 0) | default dict) (index $words 1) -}}
{{- end -}}
{{- end -}}

{{/* The secrets that whoever installs brings and without which a pod waits, each with the keys that pods name, as JSON. */}}
{{- define "tadamon.secretsBrought" -}}
{{- $v := .Values -}}
{{- $full := include "tadamon.fullname" . -}}
{{- $pairs := list (list $v.trustSecret "trust.json") (list $v.authoritiesSecret "ca.crt") (list $v.mutualTls.authoritiesSecret "ca.crt") -}}
{{- $certified := list -}}
{{- range $name, $fact := include "tadamon.facts" . | fromYaml -}}
{{- $service := index $v.services $name -}}
{{- if $service.enabled -}}
{{- range $fact.keys -}}{{- $pairs = append $pairs (list $service.secrets.keys .) -}}{{- end -}}
{{- if $fact.database -}}
{{- $connections := $service.secrets.connections -}}
{{- if eq $v.postgres.mode "external" -}}{{- $pairs = append $pairs (list $connections "postgres-url") -}}{{- end -}}
{{- if $fact.uses.nats -}}{{- $pairs = append $pairs (list $connections "nats-password") -}}{{- end -}}
{{- if $fact.uses.amqp -}}{{- $pairs = append $pairs (list $connections "amqp-url") -}}{{- end -}}
{{- if $fact.uses.redis -}}{{- $pairs = append $pairs (list $connections "redis-url") -}}{{- end -}}
{{- if and $fact.uses.smtp $v.mail.login -}}{{- $pairs = concat $pairs (list (list $connections "smtp-username") (list $connections "smtp-password")) -}}{{- end -}}
{{- end -}}
{{- if and $fact.uses.papers (eq $v.papers.kind "s3") -}}{{- $pairs = concat $pairs (list (list $v.papers.s3.secret "access-key-id") (list $v.papers.s3.secret "secret-access-key")) -}}{{- end -}}
{{- $certified = append $certified $name -}}
{{- end -}}
{{- end -}}
{{- if $v.operator.enabled -}}{{- $pairs = append $pairs (list $v.operator.secret "tadamon-cli.signing.pem") -}}{{- $certified = append $certified "operator" -}}{{- end -}}
{{- if eq $v.mutualTls.mode "secrets" -}}
{{- range $of := $certified -}}
{{- range $key := concat (list "tls.crt" "tls.key") (ternary list (list "ca.crt") (ne $v.mutualTls.authoritiesSecret "")) -}}{{- $pairs = append $pairs (list (printf "%s-%s-mutual-tls" $full $of) $key) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- $brought := dict -}}
{{- range $pairs -}}
{{- $secret := index . 0 -}}
{{- if $secret -}}{{- $_ := set $brought $secret (append (get $brought $secret | default list) (index . 1) | uniq) -}}{{- end -}}
{{- end -}}
{{- $brought | toJson -}}
{{- end -}}
