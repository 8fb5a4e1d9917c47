package org.millwright.serving;

import java.util.Optional;
import org.millwright.project.DeploymentStage;
import org.millwright.project.Limits;
import org.millwright.project.OnStop;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;
import org.millwright.project.RequestSampling;

/** What projects declare of how their deployments answer. */
public interface Terms {
    /** What becomes of requests when the version in production must not answer any more, also while the project is paused. */
    OnStop onStop(String project);

    /** What each deployment may take of the server, also while the project is paused. */
    default Limits limits(String project) {
        return Limits.DEFAULT;
    }

    /** What is kept of requests and answers; empty for nothing. */
    default Optional<RequestSampling> sampling(String project) {
        return Optional.empty();
    }

    /** The stage of the project that a deployment belongs to. */
    default String stage(String project, String deployment) {
        return DeploymentStage.DEFAULT.getLast().name();
    }

    /** As the files in force say. */
    static Terms of(Projects projects) {
        return new Terms() {
            @Override
            public OnStop onStop(String project) {
                return release(project).map(ProjectFile.Release::onStop).orElseGet(OnStop.Previous::new);
            }

            @Override
            public Limits limits(String project) {
                return release(project).map(ProjectFile.Release::limits).orElse(Limits.DEFAULT);
            }

            @Override
            public Optional<RequestSampling> sampling(String project) {
                return release(project).flatMap(ProjectFile.Release::log);
            }

            @Override
            public String stage(String project, String deployment) {
                return projects.file(project)
                        .map(file -> file.stageOf(deployment).name())
                        .orElseGet(() -> DeploymentStage.DEFAULT.getLast().name());
            }

            private Optional<ProjectFile.Release> release(String project) {
                return projects.file(project).map(ProjectFile::release);
            }
        };
    }
}
