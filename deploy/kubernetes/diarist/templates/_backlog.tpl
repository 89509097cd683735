{{- /* Seconds of audio to do. What runs counts in full, so that replicas are not taken away under it while there is other work. */ -}}
{{- define "diarist.backlog" -}}
{{- $which := printf "{queue=~\"%s\"}" (join "|" .queues) -}}
sum(max by (queue, priority) (diarist_queue_backlog_audio_seconds{{ $which }})) + 300 * sum(max by (queue, priority) (diarist_queue_running{{ $which }}))
{{- end }}
