{{- /* One process of a release tells what the database knows; while the turn passes on, two may for a moment. */ -}}
{{- define "diarist.queued" -}}
{{ .metric }}{namespace="{{ .namespace }}", queue=~"{{ join "|" .queues }}"}
{{- end }}

{{- /* Seconds of audio to do, what runs included, and half a minute for each task: of some the length is not known yet. */ -}}
{{- define "diarist.backlog" -}}
{{- $queued := dict "namespace" .namespace "queues" .queues -}}
{{- $audio := include "diarist.queued" (merge (dict "metric" "diarist_queue_backlog_audio_seconds") $queued) -}}
{{- $ready := include "diarist.queued" (merge (dict "metric" "diarist_queue_depth") $queued) -}}
{{- $running := include "diarist.queued" (merge (dict "metric" "diarist_queue_running") $queued) -}}
sum(max by (queue, priority) ({{ $audio }})) + 30 * sum(max by (queue, priority) ({{ $ready }} + {{ $running }}))
{{- end }}

{{- /* Tasks at work now: a replica stays for as many as one works on at once, however little is left of them. */ -}}
{{- define "diarist.running" -}}
{{- $queued := dict "metric" "diarist_queue_running" "namespace" .namespace "queues" .queues -}}
sum(max by (queue, priority) ({{ include "diarist.queued" $queued }}))
{{- end }}
