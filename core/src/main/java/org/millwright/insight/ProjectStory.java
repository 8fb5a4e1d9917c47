package org.millwright.insight;

import java.util.List;
import org.millwright.project.Project;

/**
 * Where a project stands.
 *
 * @param headline the state in plain words, made from the record
 * @param mood the worst that needs somebody
 * @param live whether something works at this moment
 */
public record ProjectStory(Project project, String headline, Station.Mood mood, List<Station> stations, boolean live) {
    public ProjectStory {
        stations = List.copyOf(stations);
    }
}
