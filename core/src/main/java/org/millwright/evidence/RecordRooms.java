package org.millwright.evidence;

import org.millwright.alert.Alerts;
import org.millwright.approval.Approvals;
import org.millwright.approval.Releases;
import org.millwright.dataset.Datasets;
import org.millwright.environment.Environments;
import org.millwright.gate.Gates;
import org.millwright.identity.Users;
import org.millwright.ledger.Ledger;
import org.millwright.lineage.Certificates;
import org.millwright.lineage.Edges;
import org.millwright.monitor.Overviews;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Sources;
import org.millwright.project.Agreements;
import org.millwright.project.Projects;
import org.millwright.registry.Models;
import org.millwright.registry.Versions;
import org.millwright.serving.Bundles;
import org.millwright.serving.Deployments;

/** The rooms whose records cards and packs read. */
public record RecordRooms(
        Ledger ledger,
        Users users,
        Projects projects,
        Agreements agreements,
        Datasets datasets,
        Edges edges,
        Certificates certificates,
        Environments environments,
        Models models,
        Versions versions,
        PipelineRuns runs,
        Sources sources,
        Gates gates,
        Approvals approvals,
        Releases releases,
        Bundles bundles,
        Deployments deployments,
        Overviews overviews,
        Alerts alerts) {}
