import { startCohort } from './cohort.ts';
import { startDvh } from './dvh.ts';
import { startPictures } from './pictures.ts';
import { startPopulation } from './population.ts';
import { startSorting } from './sort-tables.ts';
import { startTimeline } from './timeline.ts';

startSorting();
startPictures();
startDvh();
startCohort();
startPopulation();
startTimeline();
