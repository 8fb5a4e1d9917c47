"""Prints each sample of a scrape as Prometheus' own client for Python reads it."""
import json
import sys

from prometheus_client import parser
from prometheus_client.openmetrics import parser as open_parser

parse = {"plain": parser, "open": open_parser}[sys.argv[1]].text_string_to_metric_families
with open(sys.argv[2], encoding="utf-8") as scrape:
    for family in parse(scrape.read()):
        for sample in family.samples:
            print(family.type, sample.name, json.dumps(sample.labels, sort_keys=True), float(sample.value))
