package org.millwright.alert;

import org.millwright.egress.UrlPart;
import org.millwright.project.Project;
import org.millwright.serving.Deployment;

/**
 * What an alert is about.
 *
 * @param ref its reference, such as {@code deployment:delays}, {@code model:delays/3} or {@code policy:standing}
 */
public record Subject(String ref) {
    public Subject {
        if (ref.indexOf(':') <= 0) {
            throw new IllegalArgumentException("'" + ref + "' is no reference (expected: KIND:NAME)");
        }
    }

    public static Subject deployment(String name) {
        return new Subject(Deployment.ref(name));
    }

    public static Subject project(String name) {
        return new Subject(Project.ref(name));
    }

    /** @param version "" for the model as a whole */
    public static Subject model(String name, String version) {
        return new Subject("model:" + name + (version.isEmpty() ? "" : "/" + version));
    }

    public String kind() {
        return ref.substring(0, ref.indexOf(':'));
    }

    public String name() {
        return ref.substring(ref.indexOf(':') + 1);
    }

    public boolean isDeployment() {
        return kind().equals("deployment");
    }

    /** As people say it: a deployment by its name alone, everything else with what it is. */
    public String label() {
        return isDeployment() ? name() : kind() + " " + name();
    }

    /** The path of its page. */
    public String page() {
        return switch (kind()) {
            case "deployment" -> "/deployments/" + UrlPart.of(name());
            case "project" -> "/projects/" + UrlPart.of(name());
            case "policy" -> "/policies/" + UrlPart.of(name());
            case "model" -> model(name());
            default -> "/ledger?about=" + UrlPart.of(ref);
        };
    }

    private static String model(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0
                ? "/models/" + UrlPart.of(name)
                : "/models/" + UrlPart.of(name.substring(0, slash)) + "/versions/"
                        + UrlPart.of(name.substring(slash + 1));
    }
}
