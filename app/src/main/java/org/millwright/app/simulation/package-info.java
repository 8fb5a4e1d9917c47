/** What a simulation injects, and what it found: pure, without a server. */
@NullMarked
package org.millwright.app.simulation;

import org.jspecify.annotations.NullMarked;
