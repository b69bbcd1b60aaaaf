{{/*
Values that contradict one another or are missing: each ends the rendering with a sentence that says what to change. What a type can say
stands in values.schema.json. helm/checks/refusals.yaml has a case for each.
*/}}
{{- define "tadamon.validate" -}}
{{- $v := .Values -}}
{{- $facts := include "tadamon.facts" . | fromYaml -}}
{{- $workloads := include "tadamon.workloads" . | fromJsonArray -}}

{{- /* What Kubernetes and CloudNativePG let a name be: a Cluster 50 (with a number from two digits on after recoveries), a CronJob 52. */ -}}
{{- $full := include "tadamon.fullname" . -}}
{{- $longest := ternary 24 31 (eq $v.postgres.mode "cloudnativepg") -}}
{{- if gt (len $full) $longest -}}{{- fail (printf "the installation is called %s in the names of its objects, which leaves no room for what comes after it: set fullnameOverride to a name of at most %d letters" $full $longest) -}}{{- end -}}

{{- if not $workloads -}}{{- fail "every service is switched off: set services.<name>.enabled to true for at least one" -}}{{- end -}}

{{- range $name, $fact := $facts -}}
{{- $service := index $v.services $name -}}
{{- if $service.enabled -}}
{{- if not $service.secrets.keys -}}{{- fail (printf "services.%s.secrets.keys is empty: name the secret with the files that deploy/keys.md gives to %s" $name $name) -}}{{- end -}}
{{- if and $fact.database (not $service.secrets.connections) -}}{{- fail (printf "services.%s.secrets.connections is empty: name the secret with the passwords of %s (docs/operations/install.md lists its keys)" $name $name) -}}{{- end -}}
{{- range $role, $own := $service.roles -}}
{{- $scaled := ($own.autoscaling | default dict).enabled -}}
{{- if and $scaled (eq $role "relay") -}}{{- fail (printf "services.%s.roles.relay.autoscaling.enabled is true, but one relay works and a second waits: more do not help; take it out and set services.%s.roles.relay.replicas" $name $name) -}}{{- end -}}
{{- if and $scaled (eq $role "jobs") (not $fact.queue) -}}{{- fail (printf "services.%s.roles.jobs.autoscaling.enabled is true, but its jobs are timers: nothing measures what waits, and the autoscaler would do nothing; take it out and set services.%s.roles.jobs.replicas" $name $name) -}}{{- end -}}
{{- if not (has $role $fact.roles) -}}{{- fail (printf "services.%s.roles.%s: %s does not play this role; it plays %s" $name $role $name (join ", " $fact.roles)) -}}{{- end -}}
{{- end -}}
{{- if and $service.roles (not $service.split) -}}{{- fail (printf "services.%s.roles is set, but its roles run in one Deployment: set services.%s.split to true, or take services.%s.roles out" $name $name $name) -}}{{- end -}}
{{- range $peer, $_ := $fact.calls -}}
{{- if not (index $v.services $peer).enabled -}}{{- fail (printf "services.%s.enabled is false, but %s asks %s: switch both on, or both off" $peer $name $peer) -}}{{- end -}}
{{- end -}}
{{- $file := include "tadamon.fileNamed" (dict "root" $ "service" $name) -}}
{{- $mounted := regexMatch (ternary "^/etc/tadamon/files/?$" "^/etc/tadamon/files/[^/]+$" (default false $fact.folder)) $file -}}
{{- $place := ternary "/etc/tadamon/files" "/etc/tadamon/files/ and a key of the ConfigMap" (default false $fact.folder) -}}
{{- if and $service.files (not $fact.file) -}}{{- fail (printf "services.%s.files is set, but no setting of %s names a file: take it out" $name $name) -}}{{- end -}}
{{- if and $service.files (not $file) -}}{{- fail (printf "services.%s.files is set, but nothing reads it: set services.%s.settings.%s to %s, or take services.%s.files out" $name $name $fact.file $place $name) -}}{{- end -}}
{{- if and $file (not (and $service.files $mounted)) -}}{{- fail (printf "services.%s.settings.%s is %s, which no pod has: name a ConfigMap in services.%s.files and write %s (docs/operations/install.md)" $name $fact.file $file $name $place) -}}{{- end -}}
{{- include "tadamon.refuseLists" (dict "service" $name "prefix" "" "map" $service.settings) -}}
{{- include "tadamon.refuseTwice" (dict "service" $name "prefix" "" "decided" (include "tadamon.decided" (dict "root" $ "service" $name) | fromYaml) "own" $service.settings) -}}
{{- end -}}
{{- end -}}

{{- if not $v.trustSecret -}}{{- fail "trustSecret is empty: name the secret with trust.json" -}}{{- end -}}
{{- if not $v.image.registry -}}{{- fail "image.registry is empty: build the images, push them to a registry of yours, and write it with the path before their names, such as registry.example/tadamon (docs/operations/install.md)" -}}{{- end -}}
{{- if not $v.foundation -}}{{- fail "foundation is empty: write the foundation's code, such as demo" -}}{{- end -}}
{{- if and (or $v.services.portal.enabled $v.services.identity.enabled $v.services.notifications.enabled) (not $v.addresses.portal) -}}{{- fail "addresses.portal is empty: write what people type, such as https://espace.example; mails and links name it wherever the portal runs" -}}{{- end -}}
{{- if and $v.services.identity.enabled (not $v.addresses.tokens) -}}{{- fail "addresses.tokens is empty: write the token endpoint as clients name it, such as https://espace.example/oauth2/token" -}}{{- end -}}
{{- if and $v.services.partnerships.enabled (not $v.addresses.partners) (or $v.ingress.enabled $v.gateway.enabled) -}}{{- fail "addresses.partners is empty: write where partners ask, such as https://partenaires.example, or set services.partnerships.enabled to false" -}}{{- end -}}
{{- if not $v.professionalDomains -}}{{- fail "professionalDomains is empty: list the mail domains of staff, such as finances.example" -}}{{- end -}}
{{- if not $v.nats.url -}}{{- fail "nats.url is empty: write the broker's address, such as tls://nats.brokers:4222" -}}{{- end -}}

{{- if and $v.nats.users (ne $v.nats.prefix "tadamon") -}}{{- fail (printf "nats.users is true and nats.prefix %s: the users are written for the prefix tadamon, and every publish would be refused; set nats.users to false and write them yourself, or nats.prefix to tadamon" $v.nats.prefix) -}}{{- end -}}

{{- if $v.services.notifications.enabled -}}
{{- if not $v.mail.host -}}{{- fail "mail.host is empty: name the mail server" -}}{{- end -}}
{{- if not $v.mail.from -}}{{- fail "mail.from is empty: write it as Name <address@domain>" -}}{{- end -}}
{{- if and $v.mail.login (eq $v.mail.encryption "none") -}}{{- fail "mail.login is true and mail.encryption none: a password would travel in clear text; set mail.encryption to starttls or tls, or mail.login to false" -}}{{- end -}}
{{- end -}}

{{- if and $v.ingress.enabled $v.gateway.enabled -}}{{- fail "ingress.enabled and gateway.enabled are both true: choose one way in" -}}{{- end -}}
{{- if and $v.gateway.enabled (not $v.gateway.parents) -}}{{- fail "gateway.parents is empty: name the Gateway that the routes belong to" -}}{{- end -}}
{{- if and $v.ingress.enabled (not $v.tls.secretName) (not $v.certManager.enabled) -}}{{- fail "the Ingress has no certificate: name one in tls.secretName, or set certManager.enabled to true" -}}{{- end -}}
{{- if and $v.tls.secretName (not $v.ingress.enabled) -}}{{- fail "tls.secretName is set, but ingress.enabled is false: nothing uses that certificate (a Gateway names its own); take it out" -}}{{- end -}}
{{- if and $v.tls.secretName $v.certManager.enabled -}}{{- fail "tls.secretName and certManager.enabled are both set: cert-manager would write over your certificate; choose one" -}}{{- end -}}
{{- if and $v.certManager.enabled (not $v.certManager.issuer.name) -}}{{- fail "certManager.issuer.name is empty: name the issuer" -}}{{- end -}}
{{- if and $v.certManager.enabled (not $v.ingress.enabled) (not $v.gateway.enabled) -}}{{- fail "certManager.enabled is true, but there is no public address to certify: set ingress.enabled or gateway.enabled to true" -}}{{- end -}}
{{- if and (or $v.ingress.enabled $v.gateway.enabled) (eq ($v.trustedProxies | int) 0) -}}{{- fail "trustedProxies is 0 behind an Ingress or Gateway: every reader would seem to come from the proxy's address and share one limit; set it to the number of proxies that write X-Forwarded-For" -}}{{- end -}}
{{- if and $v.mesh.enabled (not $v.mesh.podLabels) (not $v.mesh.podAnnotations) -}}{{- fail "mesh.enabled is true, but nothing takes pods into the mesh: set mesh.podLabels or mesh.podAnnotations as your mesh asks" -}}{{- end -}}

{{- if and $v.mesh.enabled (ne $v.mutualTls.mode "none") -}}{{- fail (printf "mesh.enabled is true and mutualTls.mode %s: calls would be encrypted twice and the mesh could not see them; set mutualTls.mode to none, or mesh.enabled to false" $v.mutualTls.mode) -}}{{- end -}}
{{- if and (ne $v.mutualTls.mode "certManager") $v.mutualTls.issuer.name -}}{{- fail (printf "mutualTls.issuer.name is set, but mutualTls.mode is %s: nothing is issued; set mutualTls.mode to certManager, or take the issuer out" $v.mutualTls.mode) -}}{{- end -}}
{{- if and (eq $v.mutualTls.mode "none") $v.mutualTls.authoritiesSecret -}}{{- fail "mutualTls.authoritiesSecret is set, but mutualTls.mode is none: calls stay in clear text; set mutualTls.mode to certManager or secrets, or take the secret out" -}}{{- end -}}
{{- $lasts := trimSuffix "h" $v.mutualTls.duration | int -}}
{{- $before := trimSuffix "h" $v.mutualTls.renewBefore | int -}}
{{- if or (ge $before $lasts) (le $before 336) -}}{{- fail (printf "mutualTls.renewBefore is %s of a duration of %s: it must be shorter than mutualTls.duration and longer than 336h, when the alert on certificates fires" $v.mutualTls.renewBefore $v.mutualTls.duration) -}}{{- end -}}

{{- range $at, $labels := dict "pods.labels" $v.pods.labels "mesh.podLabels" $v.mesh.podLabels -}}
{{- range $key, $_ := $labels -}}
{{- if regexMatch "^(app\\.kubernetes\\.io|helm\\.sh|tadamon)/" $key -}}{{- fail (printf "%s has %s, by which the chart selects pods: choose another label" $at $key) -}}{{- end -}}
{{- end -}}
{{- end -}}

{{- $cluster := eq $v.postgres.mode "cloudnativepg" -}}
{{- if and $cluster (eq $v.migrations.mode "hook") -}}{{- fail "migrations.mode is hook and postgres.mode cloudnativepg: the Job would run before there is a database; set migrations.mode to init" -}}{{- end -}}
{{- if and (eq $v.migrations.mode "none") $v.migrations.monthly -}}{{- fail "migrations.mode is none and migrations.monthly true: the monthly Job would migrate although somebody else does; set migrations.monthly to false" -}}{{- end -}}
{{- if and $v.postgres.cloudnativepg.scheduledBackup.enabled (not $cluster) -}}{{- fail "postgres.cloudnativepg.scheduledBackup.enabled is true, but postgres.mode is external: back up those servers yourself, or set postgres.mode to cloudnativepg" -}}{{- end -}}
{{- if and $v.postgres.cloudnativepg.scheduledBackup.enabled (not $v.postgres.cloudnativepg.plugins) -}}{{- fail "postgres.cloudnativepg.scheduledBackup.enabled is true, but no plugin says where backups go: set postgres.cloudnativepg.plugins" -}}{{- end -}}
{{- if and $v.backup.enabled $cluster (not $v.services.documents.enabled) -}}{{- fail "backup.enabled is true and postgres.mode cloudnativepg: it would keep the papers alone, and services.documents.enabled is false; set backup.enabled to false, and postgres.cloudnativepg.scheduledBackup.enabled to true" -}}{{- end -}}
{{- if and $v.backup.restore.backup (not $v.backup.enabled) -}}{{- fail "backup.restore.backup is set, but backup.enabled is false: nothing mounts the claim on which backups lie; set backup.enabled to true" -}}{{- end -}}
{{- if and $v.backup.restore.replace (not $v.backup.restore.backup) -}}{{- fail "backup.restore.replace is true, but backup.restore.backup is empty: name the backup, or set backup.restore.replace to false" -}}{{- end -}}

{{- if and $v.backup.restore.papersOnly (or (not $v.backup.restore.backup) (not $v.services.documents.enabled)) -}}{{- fail "backup.restore.papersOnly is true, but there is nothing to put back: name the backup in backup.restore.backup and set services.documents.enabled to true, or set backup.restore.papersOnly to false" -}}{{- end -}}

{{- if $v.postgres.cloudnativepg.recoveries -}}
{{- if not $cluster -}}{{- fail "postgres.cloudnativepg.recoveries is set, but postgres.mode is external: restore those databases with backup.restore, or set postgres.mode to cloudnativepg" -}}{{- end -}}
{{- $named := list -}}
{{- range $v.postgres.cloudnativepg.plugins -}}
{{- $named = append $named .name -}}
{{- if (.parameters | default dict).serverName -}}{{- fail "postgres.cloudnativepg.plugins has a parameter serverName: six Clusters and those made anew would write over one another's backups; take it out, each writes under its own name" -}}{{- end -}}
{{- end -}}
{{- if not (has $v.postgres.cloudnativepg.scheduledBackup.plugin $named) -}}{{- fail "postgres.cloudnativepg.recoveries is set, but postgres.cloudnativepg.plugins lacks the plugin that postgres.cloudnativepg.scheduledBackup.plugin names: nothing says where the backups lie" -}}{{- end -}}
{{- range $name, $recovery := $v.postgres.cloudnativepg.recoveries -}}
{{- if eq $recovery.generation ($recovery.from | default "") -}}{{- fail (printf "postgres.cloudnativepg.recoveries.%s begins with itself: generation must be a new number, from the one before" $name) -}}{{- end -}}
{{- end -}}
{{- end -}}

{{- if and $v.monitoring.rules.enabled (or (not $v.monitoring.rules.runbooks) (hasPrefix "https://tadamon.example/" $v.monitoring.rules.runbooks)) -}}{{- fail "monitoring.rules.enabled is true, but monitoring.rules.runbooks leads nowhere: write the address at which docs/operations/alerts of your copy of the repository is read, without a final slash, so that whoever is woken finds the page of the alert" -}}{{- end -}}

{{- if not $v.demonstration -}}
{{- if hasPrefix "DEMO-" $v.privacy.cndpReference -}}{{- fail "privacy.cndpReference is a demonstration's: write the commission's own reference, or leave it empty" -}}{{- end -}}
{{- if and $v.scanner.required (not $v.scanner.address) $v.services.documents.enabled -}}{{- fail "scanner.required is true, but scanner.address is empty: agents could open no paper; write clamd's host and port, or set scanner.required to false" -}}{{- end -}}
{{- end -}}

{{- range $w := $workloads -}}
{{- $fact := index $facts $w.service -}}
{{- $counts := include "tadamon.pods" $w | splitList " " -}}
{{- $fewest := index $counts 0 | int -}}
{{- $most := index $counts 1 | int -}}
{{- include "tadamon.refuseAbove" (dict "what" $w.name "resources" $w.resources) -}}
{{- if gt $fewest $most -}}{{- fail (printf "%s scales from %d to %d pods: autoscaling.min must not be above autoscaling.max" $w.name $fewest $most) -}}{{- end -}}
{{- if and (gt $most 1) (eq $v.papers.kind "disk") (eq $v.papers.accessMode "ReadWriteOnce") (include "tadamon.plays" (dict "roles" $w.roles "of" ($fact.uses.papers | default list))) -}}
{{- fail (printf "%s may have %d pods, but papers.accessMode is ReadWriteOnce, a disk of one node: keep one pod, set papers.kind to s3, or papers.accessMode to ReadWriteMany; a claim that is there keeps its mode, so a running release names a new one in papers.existingClaim (docs/operations/scale.md)" $w.name $most) -}}
{{- end -}}
{{- end -}}
{{- if and $v.services.documents.enabled $v.services.documents.split (eq $v.papers.kind "disk") (eq $v.papers.accessMode "ReadWriteOnce") -}}{{- fail "services.documents.split is true, but papers.accessMode is ReadWriteOnce: the roles grpc and jobs need the papers both; set services.documents.split to false, papers.kind to s3, or papers.accessMode to ReadWriteMany; a claim that is there keeps its mode, so a running release names a new one in papers.existingClaim (docs/operations/scale.md)" -}}{{- end -}}
{{- if eq $v.papers.kind "s3" -}}
{{- if not $v.papers.s3.bucket -}}{{- fail "papers.kind is s3, but papers.s3.bucket is empty: name the bucket, or set papers.kind to disk" -}}{{- end -}}
{{- if not $v.papers.s3.secret -}}{{- fail "papers.kind is s3, but papers.s3.secret is empty: name the secret with access-key-id and secret-access-key" -}}{{- end -}}
{{- if and (not $v.papers.s3.endpoint) (not $v.papers.s3.region) -}}{{- fail "papers.kind is s3, but papers.s3.endpoint and papers.s3.region are empty: write the store's address, such as https://s3.stores:9000, or Amazon's region" -}}{{- end -}}
{{- if $v.papers.existingClaim -}}{{- fail "papers.kind is s3 and papers.existingClaim is set: papers lie in one place; take the claim out, or set papers.kind to disk" -}}{{- end -}}
{{- else if or $v.papers.s3.endpoint $v.papers.s3.region $v.papers.s3.bucket $v.papers.s3.prefix $v.papers.s3.secret -}}{{- fail "papers.s3 is filled in, but papers.kind is disk: set papers.kind to s3, or empty papers.s3" -}}{{- end -}}

{{- include "tadamon.refuseAbove" (dict "what" "a backup" "resources" $v.backup.resources) -}}
{{- if $cluster -}}
{{- include "tadamon.refuseAbove" (dict "what" "a server of a Cluster" "resources" $v.postgres.cloudnativepg.resources) -}}
{{- range $name, $fact := $facts -}}
{{- if and (index $v.services $name).enabled $fact.database -}}
{{- $pods := 0 -}}
{{- range $w := $workloads -}}{{- if eq $w.service $name -}}{{- $pods = add $pods (index (include "tadamon.pods" $w | splitList " ") 1 | int) 1 -}}{{- end -}}{{- end -}}
{{- $asked := mul $pods (add ((index $v.services $name).maxConnections | int) 1) -}}
{{- $room := sub ($v.postgres.cloudnativepg.maxConnections | int) 20 -}}
{{- if gt $asked $room -}}{{- fail (printf "%s may open %d connections (during an upgrade), its Postgres leaves %d of postgres.cloudnativepg.maxConnections: raise that, or lower services.%s.maxConnections" $name $asked $room $name) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- if $v.networkPolicies.enabled -}}
{{- $needed := list "dns" "tokens" -}}
{{- if not $cluster -}}{{- $needed = append $needed "postgres" -}}{{- end -}}
{{- range $to := list "nats" "amqp" "redis" "smtp" -}}
{{- range $w := $workloads -}}
{{- if include "tadamon.plays" (dict "roles" $w.roles "of" (get (index $facts $w.service).uses $to | default list)) -}}{{- $needed = append $needed $to -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $v.services.documents.enabled (eq $v.papers.kind "s3") -}}{{- $needed = append $needed "objects" -}}{{- end -}}
{{- if $v.scanner.address -}}{{- $needed = append $needed "scanner" -}}{{- end -}}
{{- if $v.telemetry.otlpEndpoint -}}{{- $needed = append $needed "otlp" -}}{{- end -}}
{{- range $to := $needed | uniq -}}
{{- $row := index $v.networkPolicies.egress $to -}}
{{- if and (not $row.to) (not $row.anywhere) -}}{{- fail (printf "networkPolicies.egress.%s.to is empty: name the peers (an ipBlock, or selectors), or set networkPolicies.egress.%s.anywhere to true" $to $to) -}}{{- end -}}
{{- end -}}
{{- include "tadamon.refusePort" (dict "root" $ "what" "nats.url" "row" "nats" "port" (include "tadamon.port" $v.nats.url)) -}}
{{- if $v.services.notifications.enabled -}}{{- include "tadamon.refusePort" (dict "root" $ "what" "mail.host" "row" "smtp" "port" $v.mail.port) -}}{{- end -}}
{{- if and $v.scanner.address $v.services.documents.enabled -}}{{- include "tadamon.refusePort" (dict "root" $ "what" "scanner.address" "row" "scanner" "port" (regexFind "[0-9]+$" $v.scanner.address)) -}}{{- end -}}
{{- if and $v.services.documents.enabled (eq $v.papers.kind "s3") -}}{{- include "tadamon.refusePort" (dict "root" $ "what" "papers.s3.endpoint" "row" "objects" "port" (ternary (include "tadamon.port" $v.papers.s3.endpoint) "443" (ne $v.papers.s3.endpoint ""))) -}}{{- end -}}
{{- if $v.telemetry.otlpEndpoint -}}{{- include "tadamon.refusePort" (dict "root" $ "what" "telemetry.otlpEndpoint" "row" "otlp" "port" (include "tadamon.port" $v.telemetry.otlpEndpoint)) -}}{{- end -}}
{{- $doors := list "monitoring" -}}
{{- if or $v.ingress.enabled $v.gateway.enabled -}}{{- $doors = append $doors "edge" -}}{{- end -}}
{{- if $cluster -}}{{- $doors = append $doors "postgresOperator" -}}{{- end -}}
{{- range $from := $doors -}}
{{- $row := index $v.networkPolicies.ingress $from -}}
{{- if and (not $row.from) (not $row.anywhere) (or (ne $from "monitoring") $v.monitoring.serviceMonitor.enabled $cluster) -}}{{- fail (printf "networkPolicies.ingress.%s.from is empty: name the peers, or set networkPolicies.ingress.%s.anywhere to true" $from $from) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The settings file has lists of words, numbers and lists; a table in a list is written in ways of TOML that the chart does not know. */}}
{{- define "tadamon.refuseLists" -}}
{{- range $key, $value := .map -}}
{{- $path := ternary $key (printf "%s.%s" $.prefix $key) (empty $.prefix) -}}
{{- if kindIs "map" $value -}}{{- include "tadamon.refuseLists" (dict "service" $.service "prefix" $path "map" $value) -}}{{- end -}}
{{- if and (kindIs "slice" $value) (regexMatch "(^|[\\[,])(\\{|null)" (regexReplaceAll "\"([^\"\\\\]|\\\\.)*\"" ($value | toRawJson) "x")) -}}
{{- fail (printf "services.%s.settings.%s is a list that holds a table or nothing: write lists of words or numbers" $.service $path) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What a container asks for beforehand is not more than it may have. Takes what and resources. */}}
{{- define "tadamon.refuseAbove" -}}
{{- range $of := list "cpu" "memory" -}}
{{- $asked := index $.resources.requests $of -}}
{{- $most := index $.resources.limits $of -}}
{{- if gt (include "tadamon.quantity" $asked | int64) (include "tadamon.quantity" $most | int64) -}}{{- fail (printf "%s requests %s of %s, but its limit is %s: raise the limit or lower the request" $.what $asked $of $most) -}}{{- end -}}
{{- end -}}
{{- end -}}

{{/* A quantity as a number: thousandths of a CPU, or KiB. */}}
{{- define "tadamon.quantity" -}}
{{- $number := regexFind "^[0-9.]+" . | float64 -}}
{{- mulf $number (get (dict "m" 1 "" 1000 "Ki" 1 "Mi" 1024 "Gi" 1048576 "Ti" 1073741824) (regexFind "[a-zA-Z]*$" .)) | int64 -}}
{{- end -}}

{{/* The port of an address must be one that is let out. Takes root, what (the value), row (of the table of ways out) and port. */}}
{{- define "tadamon.refusePort" -}}
{{- $ports := list -}}
{{- range (index .root.Values.networkPolicies.egress .row).ports -}}{{- $ports = append $ports (. | int) -}}{{- end -}}
{{- if not (has (.port | int) $ports) -}}{{- fail (printf "%s is asked at port %d, but networkPolicies.egress.%s.ports lets nobody out there: add the port, and the pods' own where a Service translates it" .what (.port | int) .row) -}}{{- end -}}
{{- end -}}

{{/* The port of an address, written or the scheme's own. */}}
{{- define "tadamon.port" -}}
{{- $host := (urlParse .).host -}}
{{- regexFind "[0-9]+$" (regexFind ":[0-9]+$" $host) | default (ternary "443" "80" (hasPrefix "https" .)) -}}
{{- end -}}

{{/* A setting that the chart decides may not be given a second time. */}}
{{- define "tadamon.refuseTwice" -}}
{{- range $key, $value := .own -}}
{{- $path := ternary $key (printf "%s.%s" $.prefix $key) (empty $.prefix) -}}
{{- if or (eq $path "common.roles") (eq $path "common.postgres.url") (eq $path "common.nats.password") (eq $path "common.amqp.url") (eq $path "redis.url") (eq $path "smtp.username") (eq $path "smtp.password") (hasPrefix "storage.s3." $path) -}}
{{- $instead := "put it into the secret named by services.<name>.secrets.connections" -}}
{{- if eq $path "common.roles" -}}{{- $instead = "set services.<name>.split" -}}
{{- else if eq $path "storage.s3.ca_file" -}}{{- $instead = "put the authority into the secret named by authoritiesSecret" -}}
{{- else if has $path (list "storage.s3.access_key_id" "storage.s3.secret_access_key") -}}{{- $instead = "put it into the secret named by papers.s3.secret" -}}
{{- else if hasPrefix "storage.s3." $path -}}{{- $instead = "set papers.s3" -}}{{- end -}}
{{- fail (printf "services.%s.settings.%s is not for values: %s" $.service $path $instead) -}}
{{- end -}}
{{- if hasKey $.decided $key -}}
{{- $decided := index $.decided $key -}}
{{- if and (kindIs "map" $value) (kindIs "map" $decided) -}}
{{- include "tadamon.refuseTwice" (dict "service" $.service "prefix" $path "decided" $decided "own" $value) -}}
{{- else -}}
{{- fail (printf "services.%s.settings.%s is decided by the chart: take it out and set the chart's own value (README.md of the chart)" $.service $path) -}}
{{- end -}}
{{- else if kindIs "map" $value -}}
{{- include "tadamon.refuseTwice" (dict "service" $.service "prefix" $path "decided" dict "own" $value) -}}
{{- end -}}
{{- end -}}
{{- end -}}
