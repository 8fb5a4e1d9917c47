package org.millwright.web.mlflow;

import org.millwright.identity.Users;
import org.millwright.registry.Models;
import org.millwright.registry.Versions;
import org.millwright.registry.Webhooks;
import org.millwright.tracking.ArtifactTree;
import org.millwright.tracking.Experiments;
import org.millwright.tracking.LoggedModels;
import org.millwright.tracking.Runs;

/** The rooms behind MLflow's API. */
public record MlflowRooms(
        Experiments experiments,
        Runs runs,
        LoggedModels logged,
        ArtifactTree tree,
        Models models,
        Versions versions,
        Webhooks webhooks,
        Users users) {}
