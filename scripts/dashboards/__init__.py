"""The pictures that an operator looks at: which there are, what each panel asks and tells, and how Grafana reads them."""
