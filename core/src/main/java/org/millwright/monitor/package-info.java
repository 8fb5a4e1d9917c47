/** What people, pages and listeners ask of monitoring: answered rows and outcomes in, overviews and signals out. */
@NullMarked
package org.millwright.monitor;

import org.jspecify.annotations.NullMarked;
