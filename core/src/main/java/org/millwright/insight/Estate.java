package org.millwright.insight;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.project.Agreement;
import org.millwright.project.Project;

/** What there was at a moment that maturity is asked of: approved projects, and the model versions in production. */
record Estate(long at, List<Held> projects, List<Serving> production) {
    Estate {
        projects = List.copyOf(projects);
        production = List.copyOf(production);
    }

    /**
     * A project.
     *
     * @param events up to the moment, oldest first
     * @param agreement in force at the moment
     */
    record Held(String name, List<Event> events, Optional<Agreement> agreement) {
        String ref() {
            return Project.ref(name);
        }

        Optional<Event> first(String... actions) {
            return events.stream().filter(event -> event.is(actions)).findFirst();
        }
    }

    /**
     * A version in production.
     *
     * @param project that governs it
     * @param data data sets that it came from
     * @param judged the newest window of its deployment that was judged, if one was
     * @param outcomes the newest outcomes that came for its deployment
     */
    record Serving(
            String ref,
            String deployment,
            Held project,
            Set<String> data,
            Optional<String> judged,
            Optional<String> outcomes) {

        /** The first event of an action about the version. */
        Optional<Event> first(String... actions) {
            return project.events().stream()
                    .filter(event -> event.subjects().contains(ref) && event.is(actions))
                    .findFirst();
        }

        /** The first event of an action about its deployment. */
        Optional<Event> atDeployment(String... actions) {
            return project.events().stream()
                    .filter(event -> event.subjects().contains("deployment:" + deployment) && event.is(actions))
                    .findFirst();
        }

        /** The run that made it. */
        Optional<String> run() {
            return first("model.version-certified")
                    .flatMap(event -> event.about("run"))
                    .map(id -> "run:" + id);
        }

        /** The first event of an action about that run. */
        Optional<Event> ofRun(String... actions) {
            return run().flatMap(run -> project.events().stream()
                    .filter(event -> event.subjects().contains(run) && event.is(actions))
                    .findFirst());
        }
    }
}
